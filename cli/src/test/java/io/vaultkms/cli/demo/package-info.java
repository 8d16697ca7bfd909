/** The demo, run as a person runs it. */
@NullMarked
package io.vaultkms.cli.demo;

import org.jspecify.annotations.NullMarked;
