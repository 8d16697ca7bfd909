package io.vaultkms.model.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The CRD in the repository is what the annotated types give; {@code -Dcrds=write} writes it anew.
 */
class ApiServerCrdTest {
  private static final Path FILE =
      Path.of("..", "deploy", "crds", "config.openshift.io_apiservers.yaml");
  private static final String HEADER =
      """
      # Generated from io.vaultkms.model.config.EncryptionSpec: change that, and then
      #   ./mvnw -pl model test -Dtest=ApiServerCrdTest -Dcrds=write
      # The wanted configuration, for clusters that are not OpenShift: never apply it to an OpenShift
      # cluster, which has its own, with fields that this one does not know.
      """;
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .build());

  @Test
  void theFileIsWhatTheTypesGive() throws IOException {
    String generated = HEADER + YAML.writeValueAsString(generate());
    if (System.getProperty("crds", "check").equals("write")) {
      Files.writeString(FILE, generated);
    }

    assertThat(Files.readString(FILE))
        .as("%s, which -Dcrds=write writes anew", FILE)
        .isEqualTo(generated);
  }

  private static CustomResourceDefinition generate() {
    AtomicReference<CustomResourceDefinition> generated = new AtomicReference<>();
    new CRDGenerator()
        .customResourceClasses(ApiServer.class)
        .withObjectMapper(fieldsOnly(), new KubernetesSerialization(new ObjectMapper(), false))
        .withPostProcessor(
            new CRDPostProcessor() {
              @Override
              public HasMetadata process(HasMetadata crd, String version) {
                generated.set((CustomResourceDefinition) crd);
                return crd;
              }
            })
        .withOutput(new Nowhere())
        .generate();
    CustomResourceDefinition crd = generated.get();
    crd.getSpec()
        .getVersions()
        .getFirst()
        .getAdditionalPrinterColumns()
        .sort(Comparator.comparing(ApiServerCrdTest::place));
    return crd;
  }

  /** Only then does the generator see annotations that stand inside of others. */
  private static ObjectMapper fieldsOnly() {
    return JsonMapper.builder()
        .visibility(PropertyAccessor.ALL, Visibility.NONE)
        .visibility(PropertyAccessor.FIELD, Visibility.ANY)
        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
        .build();
  }

  /** The generator sorts columns by their path, people by what matters to them. */
  private static int place(CustomResourceColumnDefinition column) {
    List<String> names =
        Stream.of(ApiServer.class.getAnnotationsByType(AdditionalPrinterColumn.class))
            .map(AdditionalPrinterColumn::name)
            .toList();
    return names.indexOf(column.getName());
  }

  private static final class Nowhere implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
    @Override
    public ByteArrayOutputStream outputFor(String name) {
      return new ByteArrayOutputStream();
    }

    @Override
    public void close() {}
  }
}
