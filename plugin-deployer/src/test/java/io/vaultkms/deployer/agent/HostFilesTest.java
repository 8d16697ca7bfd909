package io.vaultkms.deployer.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFilesTest {
  private final HostFiles files = HostFiles.PLAIN;
  @TempDir private Path folder;

  @Test
  void isForItsOwnerAloneInAFolderForItsOwnerAlone() throws IOException {
    Path file = folder.resolve("new/credentials");

    assertThat(files.write(file, bytes("one"))).isTrue();

    assertThat(file).hasContent("one");
    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThat(permissions(file.getParent())).isEqualTo("rwx------");
  }

  @Test
  void whoReadsWhileItIsReplacedReadsTheOldOneWhole() throws IOException {
    Path file = folder.resolve("config");
    files.write(file, bytes("the old one"));

    try (InputStream reader = Files.newInputStream(file)) {
      files.write(file, bytes("new"));
      assertThat(new String(reader.readAllBytes(), UTF_8)).isEqualTo("the old one");
    }

    assertThat(file).hasContent("new");
    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThat(folder).isDirectoryNotContaining(other -> !other.equals(file));
  }

  @Test
  void sameBytesAreNotWrittenAgain() throws IOException {
    Path file = folder.resolve("config");
    files.write(file, bytes("same"));
    Object before = inode(file);

    assertThat(files.write(file, bytes("same"))).isFalse();
    assertThat(inode(file)).isEqualTo(before);

    assertThat(files.write(file, bytes("other"))).isTrue();
    assertThat(inode(file)).isNotEqualTo(before);
  }

  @Test
  void whatAWriteThatWasCutOffLeftIsReplaced() throws IOException {
    Path file = folder.resolve("config");
    Path left = Files.writeString(folder.resolve(".config.new"), "ha");
    Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("rw-r--r--"));

    files.write(file, bytes("whole"));

    assertThat(file).hasContent("whole");
    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThat(left).doesNotExist();
  }

  @Test
  void deletesWhatIsThereAndMindsNotWhatIsNot() throws IOException {
    Path file = folder.resolve("plugin/secret-id");
    files.write(file, bytes("secret"));

    files.deleteFolder(file.getParent());
    files.deleteFolder(file.getParent());

    assertThat(file.getParent()).doesNotExist();
    assertThat(files.delete(file)).isFalse();
  }

  private static Object inode(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
