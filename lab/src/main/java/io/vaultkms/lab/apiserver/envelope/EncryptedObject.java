package io.vaultkms.lab.apiserver.envelope;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.vaultkms.platform.kms.KmsPlugin.Wrapped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a KMS v2 provider stores, in the protobuf encoding of kube-apiserver: the ciphertext and the
 * wrapped seed that opens it.
 */
record EncryptedObject(byte[] data, Wrapped source) {
  private static final int DATA = 1;
  private static final int KEY_ID = 2;
  private static final int SOURCE = 3;
  private static final int ANNOTATIONS = 4;
  private static final int SOURCE_TYPE = 5;
  private static final int HKDF_SHA256_XNONCE_AES_GCM_SEED = 1;

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(data.length + 512);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeByteArray(DATA, data);
      out.writeString(KEY_ID, source.keyId());
      out.writeByteArray(SOURCE, source.ciphertext());
      for (Map.Entry<String, byte[]> annotation : source.annotations().entrySet()) {
        out.writeByteArray(ANNOTATIONS, encodeEntry(annotation));
      }
      out.writeEnum(SOURCE_TYPE, HKDF_SHA256_XNONCE_AES_GCM_SEED);
      out.flush();
    } catch (IOException e) {
      throw new TransformException("cannot encode an encrypted object", e);
    }
    return bytes.toByteArray();
  }

  private static byte[] encodeEntry(Map.Entry<String, byte[]> entry) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeString(1, entry.getKey());
    out.writeByteArray(2, entry.getValue());
    out.flush();
    return bytes.toByteArray();
  }

  static EncryptedObject decode(byte[] stored) {
    byte[] data = new byte[0];
    String keyId = "";
    byte[] source = new byte[0];
    int type = 0;
    Map<String, byte[]> annotations = new TreeMap<>();
    try {
      CodedInputStream in = CodedInputStream.newInstance(stored);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case DATA -> data = in.readByteArray();
          case KEY_ID -> keyId = in.readString();
          case SOURCE -> source = in.readByteArray();
          case ANNOTATIONS -> decodeEntry(in.readByteArray(), annotations);
          case SOURCE_TYPE -> type = in.readEnum();
          default -> in.skipField(tag);
        }
      }
    } catch (IOException e) {
      throw new TransformException("the stored data is not an encrypted object", e);
    }
    if (type != HKDF_SHA256_XNONCE_AES_GCM_SEED || keyId.isEmpty() || source.length == 0) {
      throw new TransformException("the stored data is not an encrypted object with a seed");
    }
    return new EncryptedObject(data, new Wrapped(source, keyId, annotations));
  }

  private static void decodeEntry(byte[] entry, Map<String, byte[]> annotations)
      throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(entry);
    String key = "";
    byte[] value = new byte[0];
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> key = in.readString();
        case 2 -> value = in.readByteArray();
        default -> in.skipField(tag);
      }
    }
    annotations.put(key, value);
  }

  /** Names a wrapped seed: equal for equal key id, ciphertext and annotations. */
  static String fingerprint(Wrapped source) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      add(digest, source.keyId().getBytes(StandardCharsets.UTF_8));
      add(digest, source.ciphertext());
      new TreeMap<>(source.annotations())
          .forEach(
              (key, value) -> {
                add(digest, key.getBytes(StandardCharsets.UTF_8));
                add(digest, value);
              });
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Each part with its length in front, so that no two lists of parts look the same. */
  private static void add(MessageDigest digest, byte[] part) {
    digest.update(
        new byte[] {
          (byte) (part.length >> 24),
          (byte) (part.length >> 16),
          (byte) (part.length >> 8),
          (byte) part.length
        });
    digest.update(part);
  }

  @Override
  public String toString() {
    return "EncryptedObject[" + source + ", " + data.length + " bytes]";
  }
}
