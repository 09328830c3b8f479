package io.noderoleguard.pictures;

import java.util.ArrayList;
import java.util.List;

/** A command and its output as a terminal shows them, long lines wrapped. */
final class TerminalPicture {

  private static final int COLUMNS = 104;
  private static final double FONT = 13;
  private static final double LINE = 17;
  private static final double MARGIN = 18;
  private static final double BAR = 30;
  private static final double CHARACTER = 7.83;

  private static final String TEXT = "#d0d7de";
  private static final String BRIGHT = "#ffffff";
  private static final String GREEN = "#7ee787";
  private static final String BLUE = "#79c0ff";
  private static final String GREY = "#8b949e";

  private static final String OMITTED = "[…]";

  private TerminalPicture() {}

  static String of(String command, List<String> output) {
    List<String> shown = excerpt(output);
    Svg svg = new Svg();
    double width = 2 * MARGIN + COLUMNS * CHARACTER;
    double height = BAR + MARGIN + (1 + wrapped(shown).size()) * LINE + MARGIN / 2;
    svg.box(0, 0, width, height, 8, "fill=\"#0d1117\"");
    svg.circle(18, 16, 5.5, "#ff5f57");
    svg.circle(36, 16, 5.5, "#febc2e");
    svg.circle(54, 16, 5.5, "#28c840");
    double y = BAR + MARGIN;
    svg.text(MARGIN, y, FONT, GREEN, "", "$");
    svg.text(MARGIN + 2 * CHARACTER, y, FONT, BRIGHT, "font-weight=\"bold\"", command);
    for (int i = 0; i < shown.size(); i++) {
      boolean heading = i + 1 < shown.size() && shown.get(i + 1).startsWith("---");
      for (String line : wrapped(List.of(shown.get(i)))) {
        y += LINE;
        if (!line.isBlank()) {
          String style = "style=\"white-space:pre\"" + (heading ? " font-weight=\"bold\"" : "");
          svg.text(MARGIN, y, FONT, heading ? BRIGHT : colour(line), style, line);
        }
      }
    }
    return svg.document(width, height, true, "Output of " + command);
  }

  private static String colour(String line) {
    if (line.equals(OMITTED) || line.startsWith("---")) {
      return GREY;
    }
    if (line.endsWith(": REPAIRED")) {
      return BLUE;
    }
    return line.endsWith(": COMPLIANT") || line.startsWith("All went") ? GREEN : TEXT;
  }

  /** The first role and the first night, and how all of it ended. */
  private static List<String> excerpt(List<String> output) {
    List<String> shown = new ArrayList<>();
    for (String line : output) {
      shown.add(line);
      if (line.contains("calls to IAM")) {
        break;
      }
    }
    shown.add("");
    shown.add(OMITTED);
    shown.add("");
    shown.add(output.reversed().stream().filter(line -> !line.isBlank()).findFirst().orElseThrow());
    return shown;
  }

  private static List<String> wrapped(List<String> lines) {
    List<String> wrapped = new ArrayList<>();
    for (String line : lines) {
      String rest = line;
      while (rest.length() > COLUMNS) {
        wrapped.add(rest.substring(0, COLUMNS));
        rest = rest.substring(COLUMNS);
      }
      wrapped.add(rest);
    }
    return wrapped;
  }
}
