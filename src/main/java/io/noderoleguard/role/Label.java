package io.noderoleguard.role;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A choice of the owner's by the word that stands for it in a setting. */
public interface Label {

  /** The word, in exactly this letter case. */
  String label();

  /** The choice that a word stands for; empty when it stands for none. */
  static <E extends Enum<E> & Label> Optional<E> parse(Class<E> choices, String text) {
    return Arrays.stream(choices.getEnumConstants())
        .filter(choice -> choice.label().equals(text))
        .findFirst();
  }

  /** Says that a text stands for none, and which words do, as a clause. */
  static <E extends Enum<E> & Label> String problemWith(Class<E> choices, String text) {
    List<String> words = Arrays.stream(choices.getEnumConstants()).map(Label::label).toList();
    return "\"%s\" is not accepted: %s and %s are"
        .formatted(text, String.join(", ", words.subList(0, words.size() - 1)), words.getLast());
  }
}
