package io.vaultkms.model.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** The name of a Secret or ConfigMap in {@code openshift-config}. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record NameReference(@Required @DnsName.Subdomain @Nullable String name) {}
