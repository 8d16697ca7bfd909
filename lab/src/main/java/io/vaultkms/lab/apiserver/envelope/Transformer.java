package io.vaultkms.lab.apiserver.envelope;

import java.util.Arrays;
import java.util.List;

/**
 * Stores the values of one resource: the first provider writes, all of them read. Safe for any
 * thread; may block on a call to a KMS plugin.
 */
public final class Transformer {
  /** For a resource that no entry of the configuration names. */
  public static final Transformer PLAINTEXT = new Transformer(List.of(Provider.IDENTITY));

  private final List<Provider> providers;
  private final List<byte[]> prefixes;

  Transformer(List<Provider> providers) {
    this.providers = List.copyOf(providers);
    this.prefixes = providers.stream().map(each -> Prefixes.bytes(each.prefix())).toList();
  }

  /** What each provider's values are stored under, as {@link Prefixes#of} has it. */
  List<String> names() {
    return prefixes.stream().map(Prefixes::of).toList();
  }

  /**
   * @throws TransformException if no provider can read the value
   */
  public Decoded read(byte[] stored, String key) {
    TransformException failure = null;
    for (int i = 0; i < providers.size(); i++) {
      byte[] prefix = prefixes.get(i);
      if (!Prefixes.startsWith(stored, prefix)) {
        continue;
      }
      try {
        byte[] rest = Arrays.copyOfRange(stored, prefix.length, stored.length);
        Decoded decoded = providers.get(i).read(rest, key);
        return new Decoded(decoded.plaintext(), decoded.stale() || i != 0);
      } catch (TransformException e) {
        // A plaintext provider meets every value; that it cannot read one says nothing.
        if (prefix.length > 0) {
          failure = e;
        }
      }
    }
    throw failure != null ? failure : new TransformException("no matching prefix found");
  }

  /**
   * @throws TransformException if the write provider cannot encrypt now
   */
  public byte[] write(byte[] plaintext, String key) {
    byte[] prefix = prefixes.getFirst();
    byte[] rest = providers.getFirst().write(plaintext, key);
    if (prefix.length == 0) {
      return rest;
    }
    byte[] stored = Arrays.copyOf(prefix, prefix.length + rest.length);
    System.arraycopy(rest, 0, stored, prefix.length, rest.length);
    return stored;
  }
}
