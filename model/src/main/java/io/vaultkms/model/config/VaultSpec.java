package io.vaultkms.model.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.encryption.kms.vault}: where Vault is, which Transit key to use and how to log in.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VaultSpec(
    @Nullable String kmsPluginImage,
    @Nullable String vaultAddress,
    @Nullable String vaultNamespace,
    @Nullable String vaultAuthNamespace,
    @Nullable String vaultKeyPath,
    @Nullable Tls tls,
    @Nullable Authentication authentication)
    implements KmsProvider {
  private static final String PATH = "spec.encryption.kms.vault.";
  private static final Set<String> KEY_FIELDS =
      Set.of("vault.vaultAddress", "vault.vaultNamespace", "vault.vaultKeyPath");
  public static final String ROLE_ID = "role-id";
  public static final String SECRET_ID = "secret-id";
  public static final String CA_BUNDLE = "ca-bundle.crt";

  /** How to trust Vault's certificate; at least one field. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Tls(@Nullable NameReference caBundle, @Nullable String serverName) {}

  /** A union of ways to log in, told apart by {@code type}; AppRole is the only one. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Authentication(@Nullable String type, @Nullable AppRole appRole) {
    public static final String APP_ROLE = "AppRole";
  }

  /** The Secret with the AppRole's {@code role-id} and {@code secret-id}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AppRole(@Nullable NameReference secret) {}

  @Override
  public String image() {
    return Objects.requireNonNull(kmsPluginImage, "kmsPluginImage");
  }

  @Override
  public List<String> keyIdentity() {
    return List.of(
        Objects.requireNonNull(vaultAddress, "vaultAddress"),
        vaultNamespace == null ? "" : vaultNamespace,
        Objects.requireNonNull(vaultKeyPath, "vaultKeyPath"));
  }

  @Override
  public Set<String> keyFields() {
    return KEY_FIELDS;
  }

  /** The Secret with the AppRole credentials; empty when none is named. */
  public @Nullable String appRoleSecret() {
    return authentication == null
            || authentication.appRole() == null
            || authentication.appRole().secret() == null
        ? null
        : authentication.appRole().secret().name();
  }

  /** The ConfigMap with the CA bundle; empty when none is named. */
  public @Nullable String caBundleConfigMap() {
    return tls == null || tls.caBundle() == null ? null : tls.caBundle().name();
  }

  @Override
  public List<Reference> references() {
    List<Reference> references = new ArrayList<>();
    String secret = appRoleSecret();
    if (secret != null) {
      references.add(
          new Reference(
              Reference.Kind.SECRET,
              secret,
              List.of(ROLE_ID, SECRET_ID),
              PATH + "authentication.appRole.secret.name"));
    }
    String configMap = caBundleConfigMap();
    if (configMap != null) {
      references.add(
          new Reference(
              Reference.Kind.CONFIG_MAP,
              configMap,
              List.of(CA_BUNDLE),
              PATH + "tls.caBundle.name"));
    }
    return List.copyOf(references);
  }

  @Override
  public SortedMap<String, String> fields() {
    SortedMap<String, String> fields = new TreeMap<>();
    put(fields, "vault.kmsPluginImage", kmsPluginImage);
    put(fields, "vault.vaultAddress", vaultAddress);
    put(fields, "vault.vaultNamespace", vaultNamespace);
    put(fields, "vault.vaultAuthNamespace", vaultAuthNamespace);
    put(fields, "vault.vaultKeyPath", vaultKeyPath);
    put(fields, "vault.tls.caBundle.name", caBundleConfigMap());
    put(fields, "vault.tls.serverName", tls == null ? null : tls.serverName());
    put(fields, "vault.authentication.type", authentication == null ? null : authentication.type());
    put(fields, "vault.authentication.appRole.secret.name", appRoleSecret());
    return Collections.unmodifiableSortedMap(fields);
  }

  private static void put(SortedMap<String, String> fields, String name, @Nullable String value) {
    if (value != null) {
      fields.put(name, value);
    }
  }
}
