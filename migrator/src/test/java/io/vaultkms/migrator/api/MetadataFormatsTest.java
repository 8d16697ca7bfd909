package io.vaultkms.migrator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The same documents in both encodings are read as the same. */
class MetadataFormatsTest {
  private static final Meta META = new Meta("app", "one", "u-1", "41");

  @FunctionalInterface
  private interface Writing {
    void to(CodedOutputStream out) throws IOException;
  }

  private static ByteString message(Writing writing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    writing.to(out);
    out.flush();
    return ByteString.copyFrom(bytes.toByteArray());
  }

  private static byte[] envelope(String kind, ByteString raw) throws IOException {
    ByteString unknown =
        message(
            out -> {
              out.writeBytes(
                  1,
                  message(
                      type -> {
                        type.writeString(1, "meta.k8s.io/v1");
                        type.writeString(2, kind);
                      }));
              out.writeBytes(2, raw);
              out.writeString(3, "");
              out.writeString(4, "");
            });
    return ByteString.copyFromUtf8("k8s\0").concat(unknown).toByteArray();
  }

  private static ByteString object() throws IOException {
    ByteString meta =
        message(
            out -> {
              out.writeString(1, "one");
              out.writeString(2, "generated");
              out.writeString(3, "app");
              out.writeString(5, "u-1");
              out.writeString(6, "41");
              out.writeInt64(7, 3);
              out.writeBytes(12, ByteString.copyFromUtf8("annotation"));
            });
    return message(out -> out.writeBytes(1, meta));
  }

  private static byte[] json(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void oneObject() throws Exception {
    assertThat(MetadataProtobuf.object(envelope("PartialObjectMetadata", object())))
        .isEqualTo(META);
    assertThat(
            MetadataJson.object(
                json(
                    """
                    {"kind":"PartialObjectMetadata","metadata":{"name":"one","namespace":"app",
                    "annotations":{"name":"x","deep":"{}"},"managedFields":[{"name":"y"}],
                    "uid":"u-1","resourceVersion":"41"}}\
                    """)))
        .isEqualTo(META);
  }

  @Test
  void aPage() throws Exception {
    ByteString listMeta =
        message(
            out -> {
              out.writeString(2, "77");
              out.writeString(3, "token");
              out.writeInt64(4, 9);
            });
    ByteString list =
        message(
            out -> {
              out.writeBytes(1, listMeta);
              out.writeBytes(2, object());
              out.writeBytes(2, object());
            });
    MetaPage page = MetadataProtobuf.page(envelope("PartialObjectMetadataList", list));
    assertThat(page.items()).containsExactly(META, META);
    assertThat(page.version()).isEqualTo(77);
    assertThat(page.continueToken()).isEqualTo("token");
    assertThat(page.remaining()).isEqualTo(9);
    assertThat(
            MetadataJson.page(
                json(
                    """
                    {"kind":"PartialObjectMetadataList",
                    "metadata":{"resourceVersion":"77","continue":"token","remainingItemCount":9},
                    "items":[{"metadata":{"name":"one","namespace":"app","uid":"u-1",
                    "resourceVersion":"41"}},{"kind":"x","metadata":{"namespace":"app",
                    "labels":{"uid":"z"},"name":"one","uid":"u-1","resourceVersion":"41"}}]}\
                    """)))
        .isEqualTo(page);
  }

  @Test
  void aFailure() throws Exception {
    ByteString status =
        message(
            out -> {
              out.writeBytes(1, message(meta -> meta.writeString(3, "onward")));
              out.writeString(2, "Failure");
              out.writeString(3, "too old");
              out.writeBytes(5, message(details -> details.writeInt32(5, 4)));
              out.writeInt32(6, 410);
            });
    StatusBody wanted = new StatusBody("too old", "onward", 4);
    assertThat(MetadataProtobuf.status(envelope("Status", status))).isEqualTo(wanted);
    assertThat(
            MetadataJson.status(
                json(
                    """
                    {"kind":"Status","metadata":{"continue":"onward"},"message":"too old",
                    "details":{"causes":[{"message":"no"}],"retryAfterSeconds":4},"code":410}\
                    """)))
        .isEqualTo(wanted);
  }

  @Test
  void aWholeObjectIsRefused() {
    assertThatThrownBy(() -> MetadataJson.object(json("{\"kind\":\"Secret\",\"data\":{}}")))
        .isInstanceOf(WholeObject.class)
        .hasMessageContaining("'Secret'");
    assertThatThrownBy(() -> MetadataProtobuf.page(envelope("SecretList", ByteString.EMPTY)))
        .isInstanceOf(WholeObject.class);
  }

  @Test
  void pathsAreThoseOfTheApi() {
    ResourcePaths secrets = new ResourcePaths("/api/v1", "secrets");
    assertThat(secrets.list(500, "a+b=")).isEqualTo("/api/v1/secrets?limit=500&continue=a%2Bb%3D");
    assertThat(secrets.object(META)).isEqualTo("/api/v1/namespaces/app/secrets/one");
    ResourcePaths tokens =
        new ResourcePaths(
            "/apis/oauth.openshift.io/v1",
            ResourcePaths.resourceOf("oauthaccesstokens.oauth.openshift.io"));
    assertThat(tokens.object(new Meta("", "sha256~a b", "", "")))
        .isEqualTo("/apis/oauth.openshift.io/v1/oauthaccesstokens/sha256%7Ea%20b");
    assertThat(ResourcePaths.groupOf("oauthaccesstokens.oauth.openshift.io"))
        .isEqualTo("oauth.openshift.io");
  }
}
