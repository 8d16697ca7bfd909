package io.vaultkms.lab.kubeapi;

/** Whether a write waits until it is on the disk, as every etcd's does that is worth keeping. */
public enum Durability {
  SAFE,
  /** Keeps nothing over a power cut, and is quicker. */
  UNSAFE
}
