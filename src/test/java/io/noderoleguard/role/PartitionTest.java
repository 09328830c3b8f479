package io.noderoleguard.role;

import static io.noderoleguard.role.RoleFixtures.TARGET;
import static io.noderoleguard.role.RoleFixtures.rightRole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PartitionTest {

  @ParameterizedTest
  @CsvSource({
    "arn:aws:iam::123456789012:role/x, aws",
    "arn:aws-cn:lambda:cn-north-1:123456789012:function:x, aws-cn",
    "arn:aws-us-gov:iam::123456789012:role/x, aws-us-gov",
    "arn:aws-iso-b:iam::123456789012:role/x, aws-iso-b",
  })
  void anArnNamesItsPartition(String arn, String partition) {
    assertThat(Partition.ofArn(arn)).contains(new Partition(partition));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "arn", "arn:aws", "arn:azure:x", "urn:aws:x", "arn:AWS:x"})
  void whatIsNoArnNamesNone(String text) {
    assertThat(Partition.ofArn(text)).isEmpty();
  }

  @Test
  void whatIsNoPartitionIsRefused() {
    assertThatThrownBy(() -> new Partition("gcp")).hasMessageContaining("\"gcp\"");
  }

  private static DesiredRole desired(Partition partition) {
    return Requirements.DEFAULT.byPartition().apply(partition);
  }

  @ParameterizedTest
  @CsvSource({
    "aws, ec2.amazonaws.com",
    "aws-us-gov, ec2.amazonaws.com",
    "aws-cn, ec2.amazonaws.com.cn",
  })
  void policiesAndServiceAreThoseOfThePartition(String partition, String service) {
    DesiredRole desired = desired(new Partition(partition));

    assertThat(desired.policies())
        .extracting(PolicyChoice::first)
        .contains("arn:%s:iam::aws:policy/AmazonEKS_CNI_Policy".formatted(partition));
    assertThat(desired.trustPolicy().json()).contains("\"" + service + "\"");
    assertThat(
            desired
                .trustPolicy()
                .compare(desired.trustPolicy().json(), "123456789012")
                .differences())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"ec2.amazonaws.com\"",
        "\"ec2.amazonaws.com.cn\"",
        "[\"ec2.amazonaws.com.cn\",\"ec2.amazonaws.com\"]"
      })
  void inChinaEitherNameOfTheServiceIsCompliantAndSoAreBoth(String services) {
    String trust =
        """
        {"Statement":{"Effect":"Allow","Principal":{"Service":%s},"Action":"sts:AssumeRole"}}"""
            .formatted(services);

    assertThat(desired(Partition.AWS_CN).trustPolicy().compare(trust, "123456789012").differences())
        .isEmpty();
  }

  @Test
  void inChinaTheDifferencesAreThoseFromTheNearest() {
    String trust =
        """
        {"Statement":{"Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com","x.amazonaws.com"]},
        "Action":"sts:AssumeRole"}}""";

    assertThat(desired(Partition.AWS_CN).trustPolicy().compare(trust, "123456789012").differences())
        .containsExactly("also trusts x.amazonaws.com");
  }

  @Test
  void elsewhereTheChineseNameIsDrift() {
    RoleFixtures.Actual actual = rightRole();
    actual.trustPolicy = desired(Partition.AWS_CN).trustPolicy().json();

    assertThat(Drift.between(TARGET, desired(Partition.AWS), actual.state())).hasSize(1);
  }

  @Test
  void anArnAmongThePoliciesStaysAsItIs() {
    String arn = "arn:aws:iam::123456789012:policy/eks/Own";
    Requirements requirements =
        new Requirements(
            Optional.empty(), List.of(arn, "ReadOnlyAccess", arn), Optional.empty(), Map.of());

    assertThat(requirements.byPartition().apply(Partition.AWS).policies())
        .extracting(PolicyChoice::first)
        .containsExactly(arn, "arn:aws:iam::aws:policy/ReadOnlyAccess");
  }
}
