package io.noderoleguard.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.lambda.LogPlugins.Plugin;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LogPluginsTest {

  private static List<Plugin> listed(ClassLoader loader) throws IOException {
    List<Plugin> plugins = new ArrayList<>();
    for (URL url : Collections.list(loader.getResources(LogPlugins.LIST))) {
      try (DataInputStream list = new DataInputStream(url.openStream())) {
        for (int categories = list.readInt(); categories > 0; categories--) {
          String category = list.readUTF();
          for (int entries = list.readInt(); entries > 0; entries--) {
            Plugin plugin =
                new Plugin(
                    category, list.readUTF(), list.readUTF(), list.readUTF(), list.readBoolean());
            boolean isDeferred = list.readBoolean();
            if (!isDeferred) {
              plugins.add(plugin);
            }
          }
        }
        assertThat(list.read()).as("the list's end").isNegative();
      }
    }
    return plugins;
  }

  @Test
  void eachPluginIsOneOfLog4jsOwn() throws Exception {
    assertThat(listed(getClass().getClassLoader())).containsAll(LogPlugins.PLUGINS);
  }

  @Test
  void theFunctionsOwnListIsAllThatLog4jFinds() throws Exception {
    assertThat(listed(new LogPlugins(getClass().getClassLoader())))
        .containsExactlyInAnyOrderElementsOf(LogPlugins.PLUGINS);
  }
}
