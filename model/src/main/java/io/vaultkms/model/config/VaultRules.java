package io.vaultkms.model.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every rule of {@code spec.encryption.kms.vault}. */
final class VaultRules {
  private final Violations violations = new Violations("spec.encryption.kms.vault");

  private VaultRules() {}

  static List<Violation> check(VaultSpec vault) {
    VaultRules rules = new VaultRules();
    rules.vault(vault);
    return rules.violations.found();
  }

  private void vault(VaultSpec vault) {
    violations.required("kmsPluginImage", vault.kmsPluginImage(), PluginImage::broken);
    address(vault.vaultAddress());
    violations.optional("vaultNamespace", vault.vaultNamespace(), VaultNamespace::broken);
    violations.optional("vaultAuthNamespace", vault.vaultAuthNamespace(), VaultNamespace::broken);
    violations.required("vaultKeyPath", vault.vaultKeyPath(), TransitKeyPath::broken);
    if (vault.tls() != null) {
      tls(vault.tls());
    }
    authentication(vault.authentication());
  }

  private void address(@Nullable String address) {
    if (address == null) {
      violations.missing("vaultAddress");
    } else {
      String shown = VaultAddress.withoutCredentials(address);
      VaultAddress.broken(address).forEach(broken -> violations.add("vaultAddress", shown, broken));
    }
  }

  private void tls(VaultSpec.Tls tls) {
    if (tls.caBundle() == null && tls.serverName() == null) {
      violations.add("tls", null, VaultSpec.Tls.EMPTY);
    }
    if (tls.caBundle() != null) {
      violations.required("tls.caBundle.name", tls.caBundle().name(), DnsName::subdomain);
    }
    violations.optional("tls.serverName", tls.serverName(), DnsName::hostname);
  }

  private void authentication(VaultSpec.@Nullable Authentication authentication) {
    if (authentication == null) {
      violations.missing("authentication");
      return;
    }
    boolean wantsAppRole = VaultSpec.Authentication.APP_ROLE.equals(authentication.type());
    if (!wantsAppRole) {
      violations.add("authentication.type", authentication.type(), VaultSpec.Authentication.TYPE);
    }
    VaultSpec.AppRole appRole = authentication.appRole();
    if (wantsAppRole && appRole == null) {
      violations.add("authentication.appRole", null, VaultSpec.Authentication.APP_ROLE_MISSING);
    }
    if (!wantsAppRole && appRole != null) {
      violations.add("authentication.appRole", null, VaultSpec.Authentication.APP_ROLE_UNWANTED);
    }
    if (appRole != null) {
      String name = appRole.secret() == null ? null : appRole.secret().name();
      violations.required("authentication.appRole.secret.name", name, DnsName::subdomain);
    }
  }
}
