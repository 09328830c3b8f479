package io.noderoleguard.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a policy means, made at random, and the many ways to put it in words. It knows nothing of
 * the reader under test.
 *
 * @param takesVariables whether <code>${…}</code> is a variable
 */
record RandomPolicy(boolean takesVariables, List<Grant> grants) {

  static final List<Who> WHO =
      List.of(
          new Who("Service", "ec2.amazonaws.com"),
          new Who("Service", "ec2.amazonaws.com.cn"),
          new Who("AWS", "arn:aws:iam::111122223333:root"),
          new Who("AWS", "*"),
          new Who("Federated", "cognito-identity.amazonaws.com"),
          new Who("CanonicalUser", "79a59df900b949e55d96a1e698fbaced"));
  static final List<String> ACTIONS =
      List.of("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity", "sts:*", "*");
  static final Map<String, List<String>> VALUES =
      Map.of(
          "aws:SourceAccount", List.of("111122223333", "444455556666", "${aws:username}"),
          "aws:SecureTransport", List.of("true", "false"),
          "aws:MultiFactorAuthAge", List.of("60", "3600"));
  static final List<String> OPERATORS =
      List.of("StringEquals", "StringNotEquals", "StringEqualsIfExists", "Null");

  /** A principal. */
  record Who(String type, String id) {}

  /** One of the things that the policy says. */
  record Grant(
      String effect,
      boolean allButWho,
      Set<Who> who,
      boolean allButActions,
      Set<String> actions,
      Map<String, Map<String, Set<String>>> conditions) {}

  static RandomPolicy of(Random random) {
    List<Grant> grants = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      grants.add(grant(random));
    }
    return new RandomPolicy(random.nextBoolean(), grants);
  }

  private static Grant grant(Random random) {
    Map<String, Map<String, Set<String>>> conditions = new TreeMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      String key = pick(random, List.copyOf(new TreeSet<>(VALUES.keySet())));
      conditions
          .computeIfAbsent(pick(random, OPERATORS), _ -> new TreeMap<>())
          .put(key, some(random, VALUES.getOrDefault(key, List.of())));
    }
    return new Grant(
        random.nextInt(4) == 0 ? "Deny" : "Allow",
        random.nextInt(5) == 0,
        some(random, WHO),
        random.nextInt(5) == 0,
        some(random, ACTIONS),
        conditions);
  }

  /**
   * The meaning, one thing at a time: what is granted to several may be granted to each, but not
   * what is granted to all but several.
   */
  Set<List<Object>> meaning() {
    Set<List<Object>> meaning = new HashSet<>();
    for (Grant grant : grants) {
      for (Object who : grant.allButWho ? Set.of(grant.who) : grant.who) {
        for (Object action : grant.allButActions ? Set.of(grant.actions) : grant.actions) {
          meaning.add(List.of(grant.effect, who, action, grant.conditions));
        }
      }
    }
    if (mentionsVariable()) {
      meaning.add(List.of(takesVariables));
    }
    return meaning;
  }

  private boolean mentionsVariable() {
    return grants.stream()
        .flatMap(grant -> grant.conditions.values().stream())
        .flatMap(keys -> keys.values().stream())
        .anyMatch(values -> values.contains("${aws:username}"));
  }

  /** A policy that differs in one thing, and so in its meaning. */
  RandomPolicy mutated(Random random) {
    while (true) {
      List<Grant> others = new ArrayList<>(grants);
      int at = random.nextInt(others.size());
      Grant was = others.get(at);
      Grant other = grant(random);
      boolean variables = takesVariables;
      switch (random.nextInt(8)) {
        case 0 -> others.set(at, with(was, other.effect, was.who, was.actions, was.conditions));
        case 1 -> others.set(at, with(was, was.effect, other.who, was.actions, was.conditions));
        case 2 -> others.set(at, with(was, was.effect, was.who, other.actions, was.conditions));
        case 3 -> others.set(at, with(was, was.effect, was.who, was.actions, other.conditions));
        case 4 ->
            others.set(
                at,
                new Grant(
                    was.effect,
                    !was.allButWho,
                    was.who,
                    was.allButActions,
                    was.actions,
                    was.conditions));
        case 5 ->
            others.set(
                at,
                new Grant(
                    was.effect,
                    was.allButWho,
                    was.who,
                    !was.allButActions,
                    was.actions,
                    was.conditions));
        case 6 -> variables = !variables;
        default -> others.add(other);
      }
      RandomPolicy mutant = new RandomPolicy(variables, others);
      if (!mutant.meaning().equals(meaning())) {
        return mutant;
      }
    }
  }

  private static Grant with(
      Grant was,
      String effect,
      Set<Who> who,
      Set<String> actions,
      Map<String, Map<String, Set<String>>> conditions) {
    return new Grant(effect, was.allButWho, who, was.allButActions, actions, conditions);
  }

  /** The policy as one of the documents that mean it. */
  String inWords(Random random) {
    List<String> statements = new ArrayList<>();
    for (Grant grant : grants) {
      for (Grant part : parts(random, grant)) {
        statements.add(statement(random, part));
        if (random.nextInt(5) == 0) {
          statements.add(statement(random, part));
        }
      }
    }
    Collections.shuffle(statements, random);
    List<String> members = new ArrayList<>();
    members.add("\"Statement\":" + listed(random, statements));
    if (takesVariables || (!mentionsVariable() && random.nextBoolean())) {
      members.add("\"Version\":\"2012-10-17\"");
    } else if (random.nextBoolean()) {
      members.add("\"Version\":\"2008-10-17\"");
    }
    if (random.nextBoolean()) {
      members.add("\"Id\":\"%d\"".formatted(random.nextInt()));
    }
    return object(random, members);
  }

  private static List<Grant> parts(Random random, Grant grant) {
    if (grant.allButWho || grant.who.size() == 1 || random.nextBoolean()) {
      return List.of(grant);
    }
    return grant.who.stream()
        .map(who -> with(grant, grant.effect, Set.of(who), grant.actions, grant.conditions))
        .toList();
  }

  private static String statement(Random random, Grant grant) {
    List<String> members = new ArrayList<>();
    members.add("\"Effect\":\"%s\"".formatted(grant.effect));
    members.add(
        "\"%s\":%s"
            .formatted(grant.allButWho ? "NotPrincipal" : "Principal", who(random, grant.who)));
    members.add(
        "\"%s\":%s"
            .formatted(
                grant.allButActions ? "NotAction" : "Action",
                strings(
                    random,
                    grant.actions.stream().map(action -> anyCase(random, action)).toList())));
    if (!grant.conditions.isEmpty() || random.nextInt(5) == 0) {
      members.add("\"Condition\":" + conditions(random, grant.conditions));
    }
    if (random.nextBoolean()) {
      members.add("\"Sid\":\"%d\"".formatted(random.nextInt()));
    }
    return object(random, members);
  }

  private static String who(Random random, Set<Who> who) {
    if (who.equals(Set.of(new Who("AWS", "*"))) && random.nextBoolean()) {
      return "\"*\"";
    }
    Map<String, List<String>> types =
        who.stream()
            .collect(
                Collectors.groupingBy(
                    Who::type, TreeMap::new, Collectors.mapping(Who::id, Collectors.toList())));
    return object(
        random,
        types.entrySet().stream()
            .map(type -> "\"%s\":%s".formatted(type.getKey(), strings(random, type.getValue())))
            .toList());
  }

  private static String conditions(
      Random random, Map<String, Map<String, Set<String>>> conditions) {
    return object(
        random,
        conditions.entrySet().stream()
            .map(
                operator ->
                    "\"%s\":%s"
                        .formatted(
                            operator.getKey(),
                            object(
                                random,
                                operator.getValue().entrySet().stream()
                                    .map(
                                        key ->
                                            "\"%s\":%s"
                                                .formatted(
                                                    key.getKey(), values(random, key.getValue())))
                                    .toList())))
            .toList());
  }

  /** Numbers and booleans may be written without quotation marks. */
  private static String values(Random random, Set<String> values) {
    return listed(
        random,
        values.stream()
            .map(
                value ->
                    value.matches("true|false|[1-9][0-9]*") && random.nextBoolean()
                        ? value
                        : "\"%s\"".formatted(value))
            .toList());
  }

  private static String strings(Random random, List<String> strings) {
    return listed(random, strings.stream().map("\"%s\""::formatted).toList());
  }

  private static String listed(Random random, List<String> elements) {
    List<String> shuffled = new ArrayList<>(elements);
    if (random.nextInt(5) == 0) {
      shuffled.addAll(elements);
    }
    Collections.shuffle(shuffled, random);
    return shuffled.size() == 1 && random.nextBoolean()
        ? shuffled.getFirst()
        : "[%s]".formatted(String.join(random.nextBoolean() ? "," : " ,\n", shuffled));
  }

  private static String object(Random random, List<String> members) {
    List<String> shuffled = new ArrayList<>(members);
    Collections.shuffle(shuffled, random);
    return "{%s}".formatted(String.join(random.nextBoolean() ? "," : ",\n  ", shuffled));
  }

  private static String anyCase(Random random, String action) {
    return switch (random.nextInt(3)) {
      case 0 -> action.toUpperCase(Locale.ROOT);
      case 1 -> action.toLowerCase(Locale.ROOT);
      default -> action;
    };
  }

  private static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static <T> Set<T> some(Random random, List<T> from) {
    List<T> shuffled = new ArrayList<>(from);
    Collections.shuffle(shuffled, random);
    return Set.copyOf(shuffled.subList(0, 1 + random.nextInt(Math.min(3, from.size()))));
  }
}
