package io.noderoleguard.pictures;

import java.util.Locale;

/** An SVG document. Sizes are in pixels. */
final class Svg {

  private static final String MONOSPACE =
      "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
  private static final String SANS = "'Helvetica Neue', Arial, 'Liberation Sans', sans-serif";

  private final StringBuilder elements = new StringBuilder();

  void box(double x, double y, double width, double height, double radius, String style) {
    add(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%.1f\" %s/>",
            x,
            y,
            width,
            height,
            radius,
            style));
  }

  void box(double x, double y, double width, double height, String fill) {
    box(x, y, width, height, 0, "fill=\"" + fill + "\"");
  }

  void circle(double x, double y, double radius, String fill) {
    add(
        String.format(
            Locale.ROOT,
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"/>",
            x,
            y,
            radius,
            fill));
  }

  void line(double x1, double y1, double x2, double y2, String stroke) {
    add(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>",
            x1,
            y1,
            x2,
            y2,
            stroke));
  }

  /** A line of text. The style holds further attributes. */
  void text(double x, double y, double size, String fill, String style, String text) {
    add(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\" fill=\"%s\" %s>%s</text>",
            x,
            y,
            size,
            fill,
            style,
            escaped(text)));
  }

  private void add(String element) {
    elements.append(element).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** The document, with a title for who cannot see it. */
  String document(double width, double height, boolean monospace, String title) {
    return String.format(
            Locale.ROOT,
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$.0f %2$.0f" width="%1$.0f" height="%2$.0f" font-family="%3$s" role="img">
            <title>%4$s</title>
            """,
            width,
            height,
            monospace ? MONOSPACE : SANS,
            escaped(title))
        + elements
        + "</svg>\n";
  }
}
