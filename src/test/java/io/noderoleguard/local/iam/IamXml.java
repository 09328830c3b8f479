package io.noderoleguard.local.iam;

import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes an answer in IAM's XML. */
final class IamXml {

  static final String NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/";

  private static final Pattern ILLEGAL =
      Pattern.compile("[^\\x09\\x0A\\x0D\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]");
  private static final XMLOutputFactory FACTORY = XMLOutputFactory.newInstance();

  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter writer;

  private IamXml() {
    try {
      writer = FACTORY.createXMLStreamWriter(text);
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
  }

  static String document(String root, String namespace, Consumer<IamXml> content) {
    IamXml xml = new IamXml();
    xml.write(
        () -> {
          xml.writer.writeStartElement(root);
          xml.writer.writeDefaultNamespace(namespace);
          content.accept(xml);
          xml.writer.writeEndElement();
          xml.writer.flush();
        });
    return xml.text.toString();
  }

  IamXml element(String name, Consumer<IamXml> content) {
    write(
        () -> {
          writer.writeStartElement(name);
          content.accept(this);
          writer.writeEndElement();
        });
    return this;
  }

  IamXml element(String name, Object value) {
    return element(name, xml -> xml.write(() -> writer.writeCharacters(legal(value.toString()))));
  }

  /** A policy document, encoded as IAM encodes them: RFC 3986, the space as {@code %20}. */
  IamXml document(String name, String json) {
    return element(
        name,
        URLEncoder.encode(json, StandardCharsets.UTF_8)
            .replace("+", "%20")
            .replace("*", "%2A")
            .replace("%7E", "~"));
  }

  <T> IamXml list(String name, Collection<T> items, Consumer<T> content) {
    return element(
        name, xml -> items.forEach(item -> xml.element("member", inner -> content.accept(item))));
  }

  IamXml texts(String name, Collection<String> items) {
    return element(name, xml -> items.forEach(item -> xml.element("member", item)));
  }

  /** Characters that no XML document can carry are left out. */
  private static String legal(String value) {
    // Nearly every text is plain, and a page of a thousand roles has tens of thousands of them.
    return value.chars().allMatch(character -> character >= ' ' && character < 0xD800)
        ? value
        : ILLEGAL.matcher(value).replaceAll("");
  }

  private void write(Step step) {
    try {
      step.run();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws XMLStreamException;
  }
}
