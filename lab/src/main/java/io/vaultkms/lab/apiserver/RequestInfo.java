package io.vaultkms.lab.apiserver;

/**
 * What a request wants, for rules that decide on requests.
 *
 * @param verb {@code get}, {@code list}, {@code watch}, {@code create}, {@code update}, {@code
 *     patch}, {@code delete} or {@code deletecollection}
 * @param group the API group, empty for core
 * @param resource the plural name, with {@code /status} for a subresource; for a path that is no
 *     resource, the path
 * @param namespace empty if none
 * @param name empty if none
 */
public record RequestInfo(
    String verb, String group, String resource, String namespace, String name, User user) {}
