package io.vaultkms.model.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.crd.generator.annotation.Labels;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import io.vaultkms.model.config.EncryptionSpec;
import org.jspecify.annotations.Nullable;

/**
 * The resource around {@link EncryptionSpec}, for the generator. Only {@code spec.encryption} is
 * declared: whatever else stands in a document is refused by kubectl and dropped by the API server,
 * so that nothing looks as if it were in force.
 */
@Group("config.openshift.io")
@Version("v1")
@Kind("APIServer")
@Plural("apiservers")
@Labels("app.kubernetes.io/part-of=vaultkms")
@JsonIgnoreProperties("crdName")
@JsonClassDescription(
    "Holds settings of the cluster's API servers. There is one, and its name is cluster.")
@ValidationRule(
    value = "self.metadata.name == 'cluster'",
    message = "must have the name cluster, the only APIServer there is")
@AdditionalPrinterColumn(
    name = "Encryption",
    jsonPath = ".spec.encryption.type",
    getDescription = "How resources are to be kept at rest.")
@AdditionalPrinterColumn(
    name = "Vault",
    jsonPath = ".spec.encryption.kms.vault.vaultAddress",
    getDescription = "Where Vault is.")
@AdditionalPrinterColumn(
    name = "Key",
    jsonPath = ".spec.encryption.kms.vault.vaultKeyPath",
    getDescription = "Which Transit key encrypts.")
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
final class ApiServer extends CustomResource<ApiServer.Spec, ApiServer.Status> {
  private static final long serialVersionUID = 1;

  @JsonPropertyDescription("What is wanted.")
  @Required
  private Spec spec = new Spec(null);

  @JsonPropertyDescription(
      "Nothing yet; what became of the configuration is in EncryptionStatus objects.")
  private Status status = new Status();

  record Spec(
      @JsonPropertyDescription("How resources are kept at rest. Missing means identity.")
          @Nullable EncryptionSpec encryption) {}

  record Status() {}
}
