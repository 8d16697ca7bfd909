package io.vaultkms.lab.apiserver;

import java.util.function.Function;

/**
 * Where the API servers of a lab get their certificates.
 *
 * @param caCertificate what clients are to trust, PEM
 * @param issuer makes the certificate of a node's API server, valid for 127.0.0.1 and localhost
 */
public record LabTls(String caCertificate, Function<String, TlsPem> issuer) {}
