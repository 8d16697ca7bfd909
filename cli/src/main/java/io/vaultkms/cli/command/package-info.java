/** What every command shares: common options, how times are written, how failures are told. */
@NullMarked
package io.vaultkms.cli.command;

import org.jspecify.annotations.NullMarked;
