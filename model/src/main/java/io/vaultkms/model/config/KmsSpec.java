package io.vaultkms.model.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.encryption.kms}: a union of providers, told apart by {@code type}. Vault is the only
 * member so far; another one is another component here, another line in {@link #members}, and a
 * {@link KmsProvider}. To everybody else the union is the provider that it holds.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self.type != 'Vault' || has(self.vault)",
    message = "must be set when kms.type is Vault",
    fieldPath = ".vault")
@ValidationRule(
    value = "self.type == 'Vault' || !has(self.vault)",
    message = "must not be set unless kms.type is Vault",
    fieldPath = ".vault")
public record KmsSpec(
    @JsonPropertyDescription("The provider. Vault is the only one.")
        @Required
        @ValidationRule(
            value = "self == 'Vault'",
            message = "must be Vault, the only provider there is")
        @Nullable String type,
    @JsonPropertyDescription("Where Vault is, which Transit key to use and how to log in.")
        @Nullable VaultSpec vault)
    implements KmsProvider {
  public static final String VAULT = "Vault";

  /**
   * A place in a union.
   *
   * @param type what {@code kms.type} says when this is the one that is meant
   * @param field the field that holds the provider
   * @param provider empty when the document has none
   */
  record Member(String type, String field, @Nullable KmsProvider provider) {}

  /** Every provider there can be. */
  List<Member> members() {
    return List.of(new Member(VAULT, "vault", vault));
  }

  /**
   * The provider that the union holds.
   *
   * @throws IllegalStateException when the union holds none: {@link ConfigRules} refuses that first
   */
  public KmsProvider provider() {
    return members().stream()
        .map(Member::provider)
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "a kms configuration without a provider passed the rules"));
  }

  @Override
  public List<Violation> violations() {
    return ConfigRules.union(type, members());
  }

  @Override
  public String image() {
    return provider().image();
  }

  @Override
  public List<String> keyIdentity() {
    return provider().keyIdentity();
  }

  @Override
  public Set<String> keyFields() {
    return provider().keyFields();
  }

  @Override
  public List<Reference> references() {
    return provider().references();
  }

  @Override
  public SortedMap<String, String> fields() {
    return provider().fields();
  }

  @Override
  public PluginLaunch launch(String socket, String folder, ReferencedData data) {
    return provider().launch(socket, folder, data);
  }
}
