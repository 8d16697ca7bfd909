package io.vaultkms.model.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A second provider, of a cloud that does not exist: to see that nobody has to know it.
 *
 * @param key the remote key
 * @param token the Secret to log in with
 */
public record OtherKms(String type, String image, String region, String key, String token)
    implements KmsProvider {
  public static final String TYPE = "Other";
  private static final String FIELD = "spec.encryption.kms.other.";

  public static OtherKms standard() {
    return new OtherKms(TYPE, "registry.example.com/other@sha256:0", "north", "key-1", "token");
  }

  public OtherKms image(String other) {
    return new OtherKms(type, other, region, key, token);
  }

  public OtherKms region(String other) {
    return new OtherKms(type, image, other, key, token);
  }

  @Override
  public List<Violation> violations() {
    List<Violation> violations = new ArrayList<>();
    if (!Set.of("north", "south").contains(region)) {
      violations.add(new Violation(FIELD + "region", region, "must be north or south"));
    }
    return violations;
  }

  @Override
  public List<String> keyIdentity() {
    return List.of(TYPE, region, key);
  }

  @Override
  public Set<String> keyFields() {
    return Set.of("other.region", "other.key");
  }

  @Override
  public List<Reference> references() {
    return List.of(
        new Reference(Reference.Kind.SECRET, token, List.of("token"), FIELD + "token.name"));
  }

  @Override
  public SortedMap<String, String> fields() {
    SortedMap<String, String> fields = new TreeMap<>();
    fields.put("other.image", image);
    fields.put("other.region", region);
    fields.put("other.key", key);
    fields.put("other.token.name", token);
    return fields;
  }

  @Override
  public PluginLaunch launch(String socket, String folder, ReferencedData data) {
    SortedMap<String, byte[]> files = new TreeMap<>();
    files.put("token.txt", data.entries().get("secret-" + token + "_token"));
    return new PluginLaunch(
        List.of("serve", "--at", socket, "--token-file", folder + "/token.txt"), files);
  }
}
