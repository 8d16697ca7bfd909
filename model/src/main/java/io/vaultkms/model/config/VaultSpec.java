package io.vaultkms.model.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
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
    @JsonPropertyDescription(
            "The plugin's image, by digest: host[:port][/namespace]/name@sha256:digest. Whatever"
                + " image stands here runs as root beside each API server and sees every data key:"
                + " nobody but you checks who made it.")
        @Required
        @PluginImage.Rules
        @Nullable String kmsPluginImage,
    @JsonPropertyDescription("Where Vault is: https://host[:port] and nothing behind it.")
        @Required
        @VaultAddress.Rules
        @Nullable String vaultAddress,
    @JsonPropertyDescription("The Vault namespace of the Transit engine. Missing means none.")
        @VaultNamespace.Rules
        @Nullable String vaultNamespace,
    @JsonPropertyDescription("The Vault namespace to log in to. Missing means vaultNamespace.")
        @VaultNamespace.Rules
        @Nullable String vaultAuthNamespace,
    @JsonPropertyDescription("The Transit key: <mount>/keys/<name>, such as transit/keys/my-key.")
        @Required
        @TransitKeyPath.Rules
        @Nullable String vaultKeyPath,
    @JsonPropertyDescription(
            "How to trust Vault's certificate. Missing means the plugin image's own CAs.")
        @Nullable Tls tls,
    @JsonPropertyDescription("How to log in. A union, told apart by type.") @Required
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
  @ValidationRule(value = "has(self.caBundle) || has(self.serverName)", message = Tls.EMPTY)
  public record Tls(
      @JsonPropertyDescription("A ConfigMap in openshift-config with the data key ca-bundle.crt.")
          @Nullable NameReference caBundle,
      @JsonPropertyDescription(
              "The name in Vault's certificate, where it is not the address's host.")
          @DnsName.Hostname
          @Nullable String serverName) {
    static final String EMPTY = "must have at least one of caBundle and serverName";
  }

  /** A union of ways to log in, told apart by {@code type}; AppRole is the only one. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "self.type != 'AppRole' || has(self.appRole)",
      message = Authentication.APP_ROLE_MISSING,
      fieldPath = ".appRole")
  @ValidationRule(
      value = "self.type == 'AppRole' || !has(self.appRole)",
      message = Authentication.APP_ROLE_UNWANTED,
      fieldPath = ".appRole")
  public record Authentication(
      @JsonPropertyDescription("AppRole is the only way.")
          @Required
          @ValidationRule(value = "self == 'AppRole'", message = Authentication.TYPE)
          @Nullable String type,
      @Nullable AppRole appRole) {
    public static final String APP_ROLE = "AppRole";
    static final String TYPE = "must be AppRole, the only way to log in";
    static final String APP_ROLE_MISSING = "must be set when authentication.type is AppRole";
    static final String APP_ROLE_UNWANTED = "must not be set unless authentication.type is AppRole";
  }

  /** The Secret with the AppRole's {@code role-id} and {@code secret-id}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AppRole(
      @JsonPropertyDescription(
              "A Secret in openshift-config with the data keys role-id and secret-id.")
          @Required
          @Nullable NameReference secret) {}

  @Override
  public List<Violation> violations() {
    return VaultRules.check(this);
  }

  @Override
  public PluginLaunch launch(String socket, String folder, ReferencedData data) {
    return VaultPlugin.launch(this, socket, folder, data);
  }

  @Override
  public String image() {
    return Objects.requireNonNull(kmsPluginImage, "kmsPluginImage");
  }

  @Override
  public List<String> keyIdentity() {
    return List.of(
        KmsSpec.VAULT,
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
