/** What a control plane offers to the demo and the tests, whichever backend runs it. */
@NullMarked
package io.vaultkms.lab.cluster;

import org.jspecify.annotations.NullMarked;
