/** Encryption at rest as kube-apiserver does it: configuration, providers, reload. */
@NullMarked
package io.vaultkms.lab.apiserver.envelope;

import org.jspecify.annotations.NullMarked;
