package io.vaultkms.model.config;

import io.vaultkms.model.config.KmsSpec.Member;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every rule of {@code spec.encryption} of {@code config.openshift.io/v1 APIServer}; all violations
 * at once, in the order of the document. The rules are those of the API itself: what passes here,
 * OpenShift accepts.
 */
public final class ConfigRules {
  private static final String ENCRYPTION = "spec.encryption";

  private ConfigRules() {}

  /** What is wrong with the document; empty when nothing is. */
  public static List<Violation> check(EncryptionSpec spec) {
    Violations violations = new Violations(ENCRYPTION);
    if (spec.mode().isEmpty()) {
      violations.add("type", spec.type(), EncryptionSpec.TYPE);
    }
    boolean wantsKms = spec.mode().filter(Mode.KMS::equals).isPresent();
    KmsSpec kms = spec.kms();
    if (wantsKms && kms == null) {
      violations.add("kms", null, EncryptionSpec.KMS_MISSING);
    }
    if (!wantsKms && kms != null) {
      violations.add("kms", null, EncryptionSpec.KMS_UNWANTED);
    }
    if (kms != null) {
      violations.addAll(union(kms.type(), kms.members()));
    }
    return violations.found();
  }

  /** The rules of a union, and those of each member that the document has. */
  static List<Violation> union(@Nullable String type, List<Member> members) {
    Violations violations = new Violations(ENCRYPTION + ".kms");
    if (members.stream().noneMatch(member -> member.type().equals(type))) {
      violations.add("type", type, "must be " + providers(members));
    }
    for (Member member : members) {
      boolean wanted = member.type().equals(type);
      if (wanted && member.provider() == null) {
        violations.add(member.field(), null, "must be set when kms.type is " + member.type());
      }
      if (!wanted && member.provider() != null) {
        violations.add(member.field(), null, "must not be set unless kms.type is " + member.type());
      }
      if (member.provider() != null) {
        violations.addAll(member.provider().violations());
      }
    }
    return violations.found();
  }

  private static String providers(List<Member> members) {
    return members.size() == 1
        ? members.getFirst().type() + ", the only provider there is"
        : members.stream().map(Member::type).collect(Collectors.joining(" or "));
  }
}
