package io.vaultkms.model.event;

/**
 * A field of the configuration that is different from before. Of a secret only its hash is told.
 *
 * @param field path of the field
 * @param from what it was; empty when it was not there
 * @param to what it is; empty when it is gone
 */
public record FieldChange(String field, String from, String to) {
  public FieldChange {
    field = Parts.text(field);
    from = Parts.text(from);
    to = Parts.text(to);
  }
}
