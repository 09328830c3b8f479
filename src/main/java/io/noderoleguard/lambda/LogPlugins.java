package io.noderoleguard.lambda;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the log with those of Log4j2's plugins that log4j2.properties needs. Log4j2 would load all
 * 254 at every start, 356 classes, and with them appenders to databases and sockets that a guard of
 * permissions has no use for.
 *
 * <p>It finds its plugins in files of one name, one in each jar, and looks for them by the thread's
 * context class loader: this one gives it a list of its own.
 */
final class LogPlugins extends ClassLoader {

  static final String LIST =
      "META-INF/org/apache/logging/log4j/core/config/plugins/Log4j2Plugins.dat";

  private static final String CORE = "org.apache.logging.log4j.core.";
  private static final String JSON = "org.apache.logging.log4j.layout.template.json.";

  /**
   * A plugin as Log4j2's own list has it.
   *
   * @param key by which its category finds it
   * @param element the name of its element in a configuration
   */
  record Plugin(
      String category, String key, String className, String element, boolean isPrintable) {}

  static final List<Plugin> PLUGINS =
      List.of(
          named(
              "configurationfactory",
              CORE + "config.properties.",
              "PropertiesConfigurationFactory"),
          new Plugin("core", "appenders", CORE + "config.AppendersPlugin", "Appenders", false),
          new Plugin("core", "appenderref", CORE + "config.AppenderRef", "AppenderRef", true),
          new Plugin("core", "console", CORE + "appender.ConsoleAppender", "appender", true),
          new Plugin("core", "jsontemplatelayout", JSON + "JsonTemplateLayout", "layout", false),
          new Plugin("core", "loggers", CORE + "config.LoggersPlugin", "Loggers", false),
          new Plugin("core", "logger", CORE + "config.LoggerConfig", "Logger", true),
          new Plugin("core", "root", CORE + "config.LoggerConfig$RootLogger", "Root", true),
          resolver("ExceptionResolverFactory"),
          resolver("LevelResolverFactory"),
          resolver("MessageResolverFactory"),
          resolver("PowertoolsResolverFactory"),
          resolver("TimestampResolverFactory"),
          converter("Boolean"),
          converter("Byte"),
          converter("Character"),
          converter("Charset"),
          converter("Double"),
          converter("Float"),
          converter("Integer"),
          converter("Level"),
          converter("Long"),
          converter("Short"),
          converter("String"),
          named("typeconverter", JSON + "util.", "RecyclerFactoryConverter"));

  LogPlugins(ClassLoader function) {
    super(function);
  }

  private static Plugin resolver(String name) {
    return named("jsontemplateresolverfactory", JSON + "resolver.", name);
  }

  private static Plugin converter(String type) {
    return new Plugin(
        "typeconverter",
        type.toLowerCase(Locale.ROOT),
        CORE + "config.plugins.convert.TypeConverters$" + type + "Converter",
        type,
        false);
  }

  private static Plugin named(String category, String packagePrefix, String name) {
    return new Plugin(category, name.toLowerCase(Locale.ROOT), packagePrefix + name, name, false);
  }

  /** Sets up the log, where no logger was asked for before. */
  static void startTheLog() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(new LogPlugins(LogPlugins.class.getClassLoader()));
    try {
      Logger _ = LoggerFactory.getLogger(LogPlugins.class);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return name.equals(LIST)
        ? Collections.enumeration(List.of(URL.of(URI.create("log-plugins:/"), new Listed())))
        : super.getResources(name);
  }

  /** The list in the format that Log4j2's annotation processor writes. */
  private static byte[] list() throws IOException {
    Map<String, List<Plugin>> categories = new TreeMap<>();
    for (Plugin plugin : PLUGINS) {
      categories.computeIfAbsent(plugin.category(), _ -> new ArrayList<>()).add(plugin);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream list = new DataOutputStream(bytes)) {
      list.writeInt(categories.size());
      for (var category : categories.entrySet()) {
        list.writeUTF(category.getKey());
        list.writeInt(category.getValue().size());
        for (Plugin plugin : category.getValue()) {
          list.writeUTF(plugin.key());
          list.writeUTF(plugin.className());
          list.writeUTF(plugin.element());
          list.writeBoolean(plugin.isPrintable());
          list.writeBoolean(false);
        }
      }
    }
    return bytes.toByteArray();
  }

  private static final class Listed extends URLStreamHandler {
    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {}

        @Override
        public InputStream getInputStream() throws IOException {
          return new ByteArrayInputStream(list());
        }
      };
    }
  }
}
