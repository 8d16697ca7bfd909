package io.vaultkms.model.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every rule of {@code spec.encryption} of {@code config.openshift.io/v1 APIServer}; all violations
 * at once, in the order of the document. The rules are those of the API itself: what passes here,
 * OpenShift accepts.
 */
public final class ConfigRules {
  private static final String ENCRYPTION = "spec.encryption";
  private static final String KMS = ENCRYPTION + ".kms";
  private static final String VAULT = KMS + ".vault";
  private static final String AUTHENTICATION = VAULT + ".authentication";

  private final List<Violation> violations = new ArrayList<>();

  private ConfigRules() {}

  /** What is wrong with the document; empty when nothing is. */
  public static List<Violation> check(EncryptionSpec spec) {
    ConfigRules rules = new ConfigRules();
    rules.encryption(spec);
    return List.copyOf(rules.violations);
  }

  private void encryption(EncryptionSpec spec) {
    if (spec.mode().isEmpty()) {
      add(
          ENCRYPTION + ".type",
          spec.type(),
          "must be empty or one of identity, aescbc, aesgcm, KMS");
    }
    boolean wantsKms = spec.mode().filter(Mode.KMS::equals).isPresent();
    KmsSpec kms = spec.kms();
    if (wantsKms && kms == null) {
      add(KMS, null, "must be set when type is KMS");
    }
    if (!wantsKms && kms != null) {
      add(KMS, null, "must not be set unless type is KMS");
    }
    if (kms != null) {
      kms(kms);
    }
  }

  private void kms(KmsSpec kms) {
    boolean wantsVault = KmsSpec.VAULT.equals(kms.type());
    if (!wantsVault) {
      add(KMS + ".type", kms.type(), "must be Vault, the only provider there is");
    }
    VaultSpec vault = kms.vault();
    if (wantsVault && vault == null) {
      add(VAULT, null, "must be set when kms.type is Vault");
    }
    if (!wantsVault && vault != null) {
      add(VAULT, null, "must not be set unless kms.type is Vault");
    }
    if (vault != null) {
      vault(vault);
    }
  }

  private void vault(VaultSpec vault) {
    required(VAULT + ".kmsPluginImage", vault.kmsPluginImage(), FieldRules::image);
    address(vault.vaultAddress());
    optional(VAULT + ".vaultNamespace", vault.vaultNamespace(), FieldRules::namespace);
    optional(VAULT + ".vaultAuthNamespace", vault.vaultAuthNamespace(), FieldRules::namespace);
    required(VAULT + ".vaultKeyPath", vault.vaultKeyPath(), FieldRules::keyPath);
    if (vault.tls() != null) {
      tls(vault.tls());
    }
    authentication(vault.authentication());
  }

  private void address(@Nullable String address) {
    String field = VAULT + ".vaultAddress";
    if (address == null) {
      add(field, null, "must be set");
    } else {
      String shown = FieldRules.withoutCredentials(address);
      FieldRules.address(address).forEach(broken -> add(field, shown, broken));
    }
  }

  private void tls(VaultSpec.Tls tls) {
    if (tls.caBundle() == null && tls.serverName() == null) {
      add(VAULT + ".tls", null, "must have at least one of caBundle and serverName");
    }
    if (tls.caBundle() != null) {
      required(VAULT + ".tls.caBundle.name", tls.caBundle().name(), FieldRules::subdomain);
    }
    optional(VAULT + ".tls.serverName", tls.serverName(), FieldRules::hostname);
  }

  private void authentication(VaultSpec.@Nullable Authentication authentication) {
    if (authentication == null) {
      add(AUTHENTICATION, null, "must be set");
      return;
    }
    boolean wantsAppRole = VaultSpec.Authentication.APP_ROLE.equals(authentication.type());
    if (!wantsAppRole) {
      add(
          AUTHENTICATION + ".type",
          authentication.type(),
          "must be AppRole, the only way to log in");
    }
    VaultSpec.AppRole appRole = authentication.appRole();
    if (wantsAppRole && appRole == null) {
      add(AUTHENTICATION + ".appRole", null, "must be set when authentication.type is AppRole");
    }
    if (!wantsAppRole && appRole != null) {
      add(
          AUTHENTICATION + ".appRole",
          null,
          "must not be set unless authentication.type is AppRole");
    }
    if (appRole != null) {
      String name = appRole.secret() == null ? null : appRole.secret().name();
      required(AUTHENTICATION + ".appRole.secret.name", name, FieldRules::subdomain);
    }
  }

  /**
   * One rule for one value: each sentence it does not keep, as a half sentence that begins with
   * "must".
   */
  @FunctionalInterface
  interface FieldRule {
    List<String> broken(String value);
  }

  private void required(String field, @Nullable String value, FieldRule rule) {
    if (value == null) {
      add(field, null, "must be set");
    } else {
      optional(field, value, rule);
    }
  }

  private void optional(String field, @Nullable String value, FieldRule rule) {
    if (value != null) {
      rule.broken(value).forEach(broken -> add(field, value, broken));
    }
  }

  private void add(String field, @Nullable String value, String rule) {
    violations.add(new Violation(field, value == null ? "" : shorten(value), rule));
  }

  /** A value of thousands of characters makes no sentence clearer. */
  private static String shorten(String value) {
    return value.length() <= 200 ? value : value.substring(0, 200) + "…";
  }
}
