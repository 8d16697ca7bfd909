/** The files that people deploy with, held to the code that they deploy. */
@NullMarked
package io.vaultkms.cli.deploy;

import org.jspecify.annotations.NullMarked;
