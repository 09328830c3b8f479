package io.noderoleguard.pictures;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The dashboard with the data of {@link ExampleFortnight}. What is drawn where, and with which
 * title, metrics, colours and columns, is the dashboard's own JSON.
 */
final class DashboardPicture {

  private static final double COLUMN = 42;
  private static final double ROW = 31;
  private static final double GAP = 8;
  private static final int COLUMNS = 24;
  private static final int ALARMS_PER_ROW = 5;
  private static final int TITLE_CHARACTERS_PER_COLUMN = 5;

  /** Characters of size 10 in DejaVu Sans, the widest of the fonts. */
  private static final String NARROW = "fijlrtI-.,:' ";

  private static final String WIDE = "mwMW";

  private static final String INK = "#16191f";
  private static final String FAINT = "#687078";
  private static final String RULE = "#e1e4e8";
  private static final String GREEN = "#1d8102";
  private static final List<String> PALETTE =
      List.of("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b");

  private static final Pattern SEARCH =
      Pattern.compile("SEARCH\\('\\{[^}]*,\\w+} MetricName=\"(\\w+)\"', '(\\w+)', \\d+\\)");
  private static final Pattern FIELDS = Pattern.compile("\\| fields ([^|]+) \\|");
  private static final Pattern FILTER = Pattern.compile("\\| filter ([^|]+) \\|");
  private static final Pattern PRESENT = Pattern.compile("ispresent\\((\\w+)\\)");

  private static final Map<String, Double> FIELD_WIDTHS =
      Map.ofEntries(
          entry("@timestamp", 142.0),
          entry("status", 84.0),
          entry("mode", 52.0),
          entry("role", 102.0),
          entry("finding", 150.0),
          entry("change", 150.0),
          entry("outcome", 62.0),
          entry("change_action", 138.0),
          entry("changed_at", 124.0),
          entry("repair_delay_ms", 92.0),
          entry("function_request_id", 116.0));

  /** One of a graph's series, or one number of a widget of numbers. */
  private record Series(String label, String colour, boolean right, IntToDoubleFunction values) {

    double max() {
      return IntStream.range(0, ExampleFortnight.NIGHTS).mapToDouble(values).max().orElseThrow();
    }
  }

  /** A widget's place. */
  private record Area(double x, double y, double width, double height) {}

  private final Svg svg = new Svg();

  private DashboardPicture() {}

  static String of(JsonNode dashboard) {
    return new DashboardPicture().drawAll(dashboard.path("widgets"));
  }

  private String drawAll(JsonNode widgets) {
    double width = COLUMNS * COLUMN + GAP;
    int rows = 0;
    for (JsonNode widget : widgets) {
      rows = Math.max(rows, widget.path("y").asInt() + widget.path("height").asInt());
    }
    double height = rows * ROW + GAP;
    svg.box(0, 0, width, height, "#f2f3f3");
    for (JsonNode widget : widgets) {
      draw(widget);
    }
    return svg.document(width, height, false, "The dashboard, drawn with example data");
  }

  private void draw(JsonNode widget) {
    int columns = widget.path("width").asInt();
    Area area =
        new Area(
            widget.path("x").asInt() * COLUMN + GAP,
            widget.path("y").asInt() * ROW + GAP,
            columns * COLUMN - GAP,
            widget.path("height").asInt() * ROW - GAP);
    JsonNode properties = widget.path("properties");
    svg.box(area.x(), area.y(), area.width(), area.height(), 3, "fill=\"#fff\" stroke=\"#d5dbdb\"");
    double y = area.y() + 17;
    for (String line :
        lines(properties.path("title").asText(), columns * TITLE_CHARACTERS_PER_COLUMN)) {
      svg.text(area.x() + 10, y, 12, INK, "font-weight=\"bold\"", line);
      y += 15;
    }
    Area inside = new Area(area.x() + 10, y - 8, area.width() - 20, area.y() + area.height() - y);
    switch (widget.path("type").asText()) {
      case "alarm" -> alarms(properties.path("alarms"), inside);
      case "log" -> table(properties.path("query").asText(), inside);
      case "metric" -> {
        List<Series> series = series(properties);
        if (properties.path("view").asText().equals("singleValue")) {
          numbers(series, inside);
        } else {
          graph(series, properties.path("stacked").asBoolean(), inside);
        }
      }
      default -> throw new IllegalArgumentException("Not a widget that is known: " + widget);
    }
  }

  private static List<String> lines(String text, int length) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > length) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private void alarms(JsonNode alarms, Area area) {
    double width = area.width() / ALARMS_PER_ROW;
    for (int i = 0; i < alarms.size(); i++) {
      double x = area.x() + i % ALARMS_PER_ROW * width;
      double y = area.y() + i / ALARMS_PER_ROW * 28;
      svg.box(x, y + 1, width - 8, 22, 2, "fill=\"#f2f8f0\" stroke=\"" + GREEN + "\"");
      svg.box(x, y + 1, 5, 22, GREEN);
      String name = alarms.get(i).asText().replace(".Arn", "");
      svg.text(x + 12, y + 16, 11, INK, "", name);
      svg.text(x + width - 16, y + 16, 11, GREEN, "text-anchor=\"end\"", "OK");
    }
  }

  private static List<Series> series(JsonNode properties) {
    String usual = properties.path("stat").asText("");
    List<Series> series = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<String> repeated = new HashSet<>();
    for (JsonNode metric : properties.path("metrics")) {
      if (!names.add(metric.path(1).asText())) {
        repeated.add(metric.path(1).asText());
      }
    }
    for (JsonNode metric : properties.path("metrics")) {
      if (metric.path(0).isObject()) {
        Matcher search = SEARCH.matcher(metric.path(0).path("expression").asText());
        if (!search.matches()) {
          throw new IllegalArgumentException("Not a search that is known: " + metric);
        }
        String name = search.group(1);
        for (String value : ExampleFortnight.valuesOf(name)) {
          series.add(series(name, value, search.group(2), value, "", false, series.size()));
        }
        continue;
      }
      JsonNode options = metric.path(metric.size() - 1);
      String name = metric.path(1).asText();
      String statistic = options.path("stat").asText(usual);
      String dimension = metric.path(3).asText("");
      boolean own = !metric.path(0).asText().startsWith("AWS/") && !dimension.isEmpty();
      String label = own ? dimension : repeated.contains(name) ? name + " " + statistic : name;
      boolean right = options.path("yAxis").asText().equals("right");
      String colour = options.path("color").asText("");
      series.add(series(name, dimension, statistic, label, colour, right, series.size()));
    }
    return series;
  }

  private static Series series(
      String metric,
      String dimension,
      String statistic,
      String label,
      String colour,
      boolean right,
      int number) {
    return new Series(
        label,
        colour.isEmpty() ? PALETTE.get(number % PALETTE.size()) : colour,
        right,
        night -> ExampleFortnight.value(metric, dimension, statistic, night));
  }

  private void numbers(List<Series> series, Area area) {
    double width = area.width() / series.size();
    for (int i = 0; i < series.size(); i++) {
      double x = area.x() + i * width;
      double value = series.get(i).values().applyAsDouble(ExampleFortnight.NIGHTS - 1);
      svg.text(x, area.y() + 72, 40, INK, "", number(value));
      svg.box(x, area.y() + 91, 9, 9, series.get(i).colour());
      svg.text(x + 13, area.y() + 100, 10, FAINT, "", clipped(series.get(i).label(), width - 13));
    }
  }

  private void graph(List<Series> series, boolean stacked, Area area) {
    boolean right = series.stream().anyMatch(Series::right);
    Area plot =
        new Area(
            area.x() + 30, area.y() + 8, area.width() - 34 - (right ? 24 : 0), area.height() - 44);
    double left =
        ceiling(
            stacked
                ? IntStream.range(0, ExampleFortnight.NIGHTS)
                    .mapToDouble(
                        night ->
                            series.stream()
                                .mapToDouble(it -> it.values().applyAsDouble(night))
                                .sum())
                    .max()
                    .orElseThrow()
                : max(series, false));
    axes(plot, left, right ? ceiling(max(series, true)) : 0);
    double step = plot.width() / ExampleFortnight.NIGHTS;
    double[] heights = new double[ExampleFortnight.NIGHTS];
    for (Series one : series) {
      double scale = plot.height() / (one.right() ? ceiling(max(series, true)) : left);
      double lastX = 0;
      double lastY = 0;
      for (int night = 0; night < ExampleFortnight.NIGHTS; night++) {
        double value = one.values().applyAsDouble(night) * scale;
        double x = plot.x() + (night + 0.5) * step;
        if (stacked) {
          heights[night] += value;
          if (value > 0) {
            double top = plot.y() + plot.height() - heights[night];
            svg.box(x - step * 0.3, top, step * 0.6, value, one.colour());
          }
        } else {
          double y = plot.y() + plot.height() - value;
          if (night > 0) {
            svg.line(lastX, lastY, x, y, one.colour());
          }
          svg.circle(x, y, 2, one.colour());
          lastX = x;
          lastY = y;
        }
      }
    }
    legend(series, area);
  }

  private static double max(List<Series> series, boolean right) {
    return series.stream()
        .filter(it -> it.right() == right)
        .mapToDouble(Series::max)
        .max()
        .orElseThrow();
  }

  /** A round number above the values of an axis. */
  private static double ceiling(double max) {
    double unit = Math.pow(10, Math.floor(Math.log10(Math.max(max, 1))));
    return Math.ceil(max * 1.1 / unit) * unit;
  }

  private void axes(Area plot, double left, double right) {
    for (int i = 0; i <= 2; i++) {
      double y = plot.y() + plot.height() * (2 - i) / 2;
      svg.line(plot.x(), y, plot.x() + plot.width(), y, RULE);
      String end = "text-anchor=\"end\"";
      svg.text(plot.x() - 5, y + 3.5, 10, FAINT, end, number(left * i / 2));
      if (right > 0) {
        svg.text(plot.x() + plot.width() + 5, y + 3.5, 10, FAINT, "", number(right * i / 2));
      }
    }
    double step = plot.width() / ExampleFortnight.NIGHTS;
    for (int night = 0; night < ExampleFortnight.NIGHTS; night += 2) {
      var date = ExampleFortnight.date(night);
      svg.text(
          plot.x() + (night + 0.5) * step,
          plot.y() + plot.height() + 14,
          10,
          FAINT,
          "text-anchor=\"middle\"",
          "%02d/%02d".formatted(date.getMonthValue(), date.getDayOfMonth()));
    }
  }

  private void legend(List<Series> series, Area area) {
    double x = area.x();
    double y = area.y() + area.height() - 2;
    for (Series one : series) {
      svg.box(x, y - 8, 9, 9, one.colour());
      String label = clipped(one.label(), area.x() + area.width() - x - 12);
      svg.text(x + 12, y, 10, FAINT, "", label);
      x += 20 + width(label);
    }
  }

  private static String number(double value) {
    if (value >= 1000) {
      return "%.1fk".formatted(value / 1000);
    }
    return value == Math.rint(value) ? "%.0f".formatted(value) : "%.1f".formatted(value);
  }

  private void table(String query, Area area) {
    List<String> fields = List.of(only(FIELDS, query).split(", ", -1));
    String filter = only(FILTER, query);
    List<String> needed =
        PRESENT.matcher(filter).results().map((MatchResult present) -> present.group(1)).toList();
    List<Map<String, String>> rows =
        ExampleFortnight.log().stream()
            .filter(
                line ->
                    filter.contains(" or ")
                        ? needed.stream().anyMatch(line::containsKey)
                        : line.keySet().containsAll(needed))
            .toList();
    double message =
        area.width() - fields.stream().mapToDouble(it -> FIELD_WIDTHS.getOrDefault(it, 0.0)).sum();
    double y = area.y() + 12;
    row(fields, area.x(), y, message, "font-weight=\"bold\"");
    for (Map<String, String> row : rows) {
      if (y + 17 > area.y() + area.height() + 4) {
        break;
      }
      svg.line(area.x(), y + 5, area.x() + area.width(), y + 5, RULE);
      y += 17;
      row(
          fields.stream().map(it -> row.getOrDefault(it, "")).toList(),
          fields,
          area.x(),
          y,
          message);
    }
  }

  private void row(List<String> fields, double x, double y, double message, String style) {
    double left = x;
    for (String field : fields) {
      svg.text(left, y, 10, INK, style, field);
      left += FIELD_WIDTHS.getOrDefault(field, message);
    }
  }

  private void row(List<String> cells, List<String> fields, double x, double y, double message) {
    double left = x;
    for (int i = 0; i < fields.size(); i++) {
      double width = FIELD_WIDTHS.getOrDefault(fields.get(i), message);
      String clipped = clipped(cells.get(i), width - 6);
      if (!clipped.isEmpty()) {
        svg.text(left, y, 10, INK, "", clipped);
      }
      left += width;
    }
  }

  /** What fits, at the size of small texts. */
  private static String clipped(String text, double width) {
    if (width(text) <= width) {
      return text;
    }
    String clipped = text;
    while (!clipped.isEmpty() && width(clipped) + 10 > width) {
      clipped = clipped.substring(0, clipped.length() - 1);
    }
    return clipped + "…";
  }

  private static double width(String text) {
    return text.chars().mapToDouble(DashboardPicture::width).sum();
  }

  private static double width(int character) {
    if (NARROW.indexOf(character) >= 0) {
      return 3.8;
    }
    if (WIDE.indexOf(character) >= 0) {
      return 9.8;
    }
    return Character.isUpperCase(character) ? 7.2 : 6.1;
  }

  private static String only(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException("Not a query that is known: " + text);
    }
    return matcher.group(1);
  }
}
