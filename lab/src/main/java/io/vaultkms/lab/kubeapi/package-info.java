/** A control plane of real kube-apiservers over one etcd, as child processes on this machine. */
@NullMarked
package io.vaultkms.lab.kubeapi;

import org.jspecify.annotations.NullMarked;
