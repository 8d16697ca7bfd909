package io.vaultkms.lab.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.lab.apiserver.envelope.Transformer;
import io.vaultkms.lab.apiserver.resource.Admission;
import io.vaultkms.lab.apiserver.resource.ObjectRegistry;
import io.vaultkms.lab.apiserver.resource.Ref;
import io.vaultkms.lab.apiserver.resource.ResourceType;
import io.vaultkms.lab.apiserver.resource.ResourceTypes;
import io.vaultkms.lab.apiserver.resource.WriteOptions;
import io.vaultkms.lab.apiserver.store.EtcdStore;

/** Namespaces that are in a store before any API server begins. */
public final class StoredNamespaces {
  private StoredNamespaces() {}

  /** Makes them; none of them may be there yet. */
  public static void make(EtcdStore store, Iterable<String> names) {
    ResourceType type = ResourceTypes.LAB.find("", "v1", "namespaces").orElseThrow();
    ObjectRegistry registry =
        new ObjectRegistry(store, resource -> Transformer.PLAINTEXT, Admission.NONE);
    for (String name : names) {
      ObjectNode namespace = JsonNodeFactory.instance.objectNode();
      namespace.putObject("metadata").put("name", name);
      registry.create(new Ref(type, null, null, null), namespace, WriteOptions.PLAIN);
    }
  }
}
