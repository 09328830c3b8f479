package io.noderoleguard.template;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** samconfig.toml, as far as that file uses TOML: tables of texts and of lists of texts. */
final class NamedSettings {

  private static final Path FILE = Path.of("samconfig.toml");
  private static final Pattern TABLE =
      Pattern.compile("(?s)([a-z-]+)\\.([a-z_]+)\\.parameters]\n(.*)");
  private static final Pattern OPTION =
      Pattern.compile("(?ms)^([a-z_]+) = (\"[^\"]*\"|\\[[^]]*])$");
  private static final Pattern TEXT = Pattern.compile("\"([^\"\\\\]*)\"");

  /** What each command is given, by the name of the settings. */
  private final Map<String, Map<String, Map<String, List<String>>>> settings =
      new LinkedHashMap<>();

  NamedSettings() throws IOException {
    for (String table : Files.readString(FILE).split("(?m)^\\[", -1)) {
      Matcher parts = TABLE.matcher(table);
      if (parts.matches()) {
        Map<String, List<String>> options = new LinkedHashMap<>();
        OPTION
            .matcher(parts.group(3))
            .results()
            .forEach(option -> options.put(option.group(1), texts(option.group(2))));
        settings
            .computeIfAbsent(parts.group(1), _ -> new LinkedHashMap<>())
            .put(parts.group(2), options);
      }
    }
  }

  private static List<String> texts(String value) {
    return TEXT.matcher(value).results().map((MatchResult text) -> text.group(1)).toList();
  }

  /** The names by which {@code --config-env} finds settings. */
  Set<String> names() {
    return new LinkedHashSet<>(settings.keySet());
  }

  /** The texts of a command's option; none when the file has no such option. */
  List<String> texts(String name, String command, String option) {
    return settings
        .getOrDefault(name, Map.of())
        .getOrDefault(command, Map.of())
        .getOrDefault(option, List.of());
  }

  /** The template's parameters that do not have their defaults. */
  Map<String, String> parameters(String name) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String override : texts(name, "deploy", "parameter_overrides")) {
      String[] keyAndValue = override.split("=", 2);
      parameters.put(keyAndValue[0], keyAndValue[1]);
    }
    return parameters;
  }
}
