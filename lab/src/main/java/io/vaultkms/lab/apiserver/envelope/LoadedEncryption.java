package io.vaultkms.lab.apiserver.envelope;

import io.vaultkms.lab.apiserver.envelope.EncryptionConfiguration.LocalKey;
import io.vaultkms.lab.apiserver.envelope.EncryptionConfiguration.ProviderEntry;
import io.vaultkms.lab.apiserver.envelope.EncryptionConfiguration.ResourceEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A configuration in force: a transformer for each resource, and its KMS plugins. */
final class LoadedEncryption implements AutoCloseable {
  private final Map<String, Transformer> transformers = new LinkedHashMap<>();
  private final List<KmsProvider> plugins = new ArrayList<>();

  LoadedEncryption(
      EncryptionConfiguration configuration, KmsTiming timing, EncryptionObserver observer) {
    for (ResourceEntry entry : configuration.resources()) {
      List<Provider> providers = new ArrayList<>();
      for (ProviderEntry provider : entry.providers()) {
        providers.addAll(open(provider, timing, observer));
      }
      Transformer transformer = new Transformer(providers);
      // The first entry that names a resource is the one that counts.
      entry.resources().forEach(resource -> transformers.putIfAbsent(resource, transformer));
    }
  }

  private List<Provider> open(ProviderEntry entry, KmsTiming timing, EncryptionObserver observer) {
    List<Provider> opened = new ArrayList<>();
    if (entry.identity() != null) {
      opened.add(Provider.IDENTITY);
    }
    if (entry.aescbc() != null) {
      for (LocalKey key : entry.aescbc().keys()) {
        opened.add(new AesCbc(key.name(), key.bytes()));
      }
    }
    if (entry.aesgcm() != null) {
      for (LocalKey key : entry.aesgcm().keys()) {
        opened.add(new AesGcm(key.name(), key.bytes()));
      }
    }
    if (entry.kms() != null) {
      var kms = entry.kms();
      var provider = new KmsProvider(kms.name(), kms.socket(), kms.limit(), timing, observer);
      plugins.add(provider);
      opened.add(provider);
    }
    return opened;
  }

  /** For each resource that the configuration names, its providers in order. */
  Map<String, List<String>> providers() {
    Map<String, List<String>> providers = new TreeMap<>();
    transformers.forEach((resource, transformer) -> providers.put(resource, transformer.names()));
    return providers;
  }

  /** Asks every plugin once; returns the first problem, or null if all are healthy. */
  @Nullable String probe() {
    String found = null;
    for (KmsProvider plugin : plugins) {
      String problem = plugin.probe();
      found = found == null ? problem : found;
    }
    return found;
  }

  void keepProbing() {
    plugins.forEach(KmsProvider::keepProbing);
  }

  void stopProbing() {
    plugins.forEach(KmsProvider::stopProbing);
  }

  /** The first problem of the plugins as of their last probe, or null if all are healthy. */
  @Nullable String problem() {
    for (KmsProvider plugin : plugins) {
      String problem = plugin.problem();
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  /**
   * @param resource as {@code secrets} or {@code deployments.apps}
   */
  Transformer transformer(String resource) {
    Transformer exact = transformers.get(resource);
    if (exact != null) {
      return exact;
    }
    int dot = resource.indexOf('.');
    String wholeGroup = dot < 0 ? "*." : "*" + resource.substring(dot);
    Transformer group = transformers.get(wholeGroup);
    return group != null ? group : transformers.getOrDefault("*.*", Transformer.PLAINTEXT);
  }

  @Override
  public void close() {
    plugins.forEach(KmsProvider::close);
  }
}
