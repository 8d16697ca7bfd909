package io.vaultkms.cli.status;

import io.vaultkms.cli.command.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Rows of cells as lines whose columns stand below each other. */
final class Table {
  private static final String GAP = "  ";
  private final String indent;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String indent) {
    this.indent = indent;
  }

  Table row(Object... cells) {
    rows.add(List.of(cells).stream().map(cell -> Printable.line(cell.toString())).toList());
    return this;
  }

  List<String> lines() {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths =
        IntStream.range(0, columns)
            .map(column -> rows.stream().mapToInt(row -> width(row, column)).max().orElse(0))
            .toArray();
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static int width(List<String> row, int column) {
    // The last cell of a row may be as long as it likes.
    return column < row.size() - 1 ? row.get(column).length() : 0;
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder(indent);
    for (int i = 0; i < row.size(); i++) {
      line.append(i == 0 ? "" : GAP).append(row.get(i));
      line.append(" ".repeat(Math.max(0, widths[i] - row.get(i).length())));
    }
    return line.toString().stripTrailing();
  }
}
