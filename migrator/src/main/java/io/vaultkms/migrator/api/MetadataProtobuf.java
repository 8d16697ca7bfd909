package io.vaultkms.migrator.api;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads metadata out of the API servers' protobuf encoding: the four bytes {@code k8s\0}, an
 * envelope with the kind, and in it the message. Field numbers are those of {@code
 * k8s.io/apimachinery}; fields that are not wanted are skipped in place.
 */
final class MetadataProtobuf {
  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private MetadataProtobuf() {}

  /** Reads a field, or says that it does not want it. */
  @FunctionalInterface
  private interface Field {
    boolean read(int number, CodedInputStream input) throws IOException;
  }

  private static final class Envelope {
    String kind = "";
    int from;
    int length;
  }

  private static final class Draft {
    String namespace = "";
    String name = "";
    String uid = "";
    String resourceVersion = "";
    String continueToken = "";
    String message = "";
    long remaining;
    long retryAfterSeconds;
    final List<Meta> items = new ArrayList<>();

    Meta object() {
      return new Meta(namespace, name, uid, resourceVersion);
    }
  }

  static Meta object(byte[] body) throws IOException {
    Envelope envelope = open(body);
    WholeObject.refuseUnless(envelope.kind, WholeObject.ONE);
    return item(CodedInputStream.newInstance(body, envelope.from, envelope.length));
  }

  static MetaPage page(byte[] body) throws IOException {
    Envelope envelope = open(body);
    WholeObject.refuseUnless(envelope.kind, WholeObject.MANY);
    Draft draft = new Draft();
    fields(
        CodedInputStream.newInstance(body, envelope.from, envelope.length),
        (number, input) ->
            switch (number) {
              case 1 -> nested(input, (field, meta) -> listMeta(draft, field, meta));
              case 2 -> {
                int limit = input.pushLimit(input.readRawVarint32());
                draft.items.add(item(input));
                input.popLimit(limit);
                yield true;
              }
              default -> false;
            });
    return new MetaPage(draft.items, draft.resourceVersion, draft.continueToken, draft.remaining);
  }

  static StatusBody status(byte[] body) throws IOException {
    Envelope envelope = open(body);
    if (!envelope.kind.equals("Status")) {
      return StatusBody.NONE;
    }
    Draft draft = new Draft();
    fields(
        CodedInputStream.newInstance(body, envelope.from, envelope.length),
        (number, input) ->
            switch (number) {
              case 1 -> nested(input, (field, meta) -> listMeta(draft, field, meta));
              case 3 -> {
                draft.message = input.readStringRequireUtf8();
                yield true;
              }
              case 5 -> nested(input, (field, details) -> details(draft, field, details));
              default -> false;
            });
    return new StatusBody(draft.message, draft.continueToken, draft.retryAfterSeconds);
  }

  private static Envelope open(byte[] body) throws IOException {
    for (int i = 0; i < MAGIC.length; i++) {
      if (body.length <= i || body[i] != MAGIC[i]) {
        throw new IOException("the API server's answer is not what its content type says");
      }
    }
    Envelope envelope = new Envelope();
    CodedInputStream input =
        CodedInputStream.newInstance(body, MAGIC.length, body.length - MAGIC.length);
    fields(
        input,
        (number, in) ->
            switch (number) {
              case 1 -> nested(in, (field, type) -> kind(envelope, field, type));
              case 2 -> {
                envelope.length = in.readRawVarint32();
                envelope.from = MAGIC.length + in.getTotalBytesRead();
                in.skipRawBytes(envelope.length);
                yield true;
              }
              default -> false;
            });
    return envelope;
  }

  private static boolean kind(Envelope envelope, int number, CodedInputStream input)
      throws IOException {
    if (number != 2) {
      return false;
    }
    envelope.kind = input.readString();
    return true;
  }

  private static Meta item(CodedInputStream input) throws IOException {
    Draft draft = new Draft();
    fields(
        input,
        (number, in) -> number == 1 && nested(in, (field, meta) -> objectMeta(draft, field, meta)));
    return draft.object();
  }

  private static boolean objectMeta(Draft draft, int number, CodedInputStream input)
      throws IOException {
    switch (number) {
      case 1 -> draft.name = input.readString();
      case 3 -> draft.namespace = input.readString();
      case 5 -> draft.uid = input.readString();
      case 6 -> draft.resourceVersion = input.readString();
      default -> {
        return false;
      }
    }
    return true;
  }

  private static boolean listMeta(Draft draft, int number, CodedInputStream input)
      throws IOException {
    switch (number) {
      case 2 -> draft.resourceVersion = input.readString();
      case 3 -> draft.continueToken = input.readString();
      case 4 -> draft.remaining = input.readInt64();
      default -> {
        return false;
      }
    }
    return true;
  }

  private static boolean details(Draft draft, int number, CodedInputStream input)
      throws IOException {
    if (number != 5) {
      return false;
    }
    draft.retryAfterSeconds = input.readInt32();
    return true;
  }

  private static boolean nested(CodedInputStream input, Field field) throws IOException {
    int limit = input.pushLimit(input.readRawVarint32());
    fields(input, field);
    input.popLimit(limit);
    return true;
  }

  private static void fields(CodedInputStream input, Field field) throws IOException {
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      if (!field.read(WireFormat.getTagFieldNumber(tag), input)) {
        input.skipField(tag);
      }
    }
  }
}
