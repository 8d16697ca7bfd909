/** The node agent: one control-plane node's plugins, files and API server. */
@NullMarked
package io.vaultkms.deployer.agent;

import org.jspecify.annotations.NullMarked;
