// SPDX-License-Identifier: Apache-2.0
/** Files in the state directory of a relay: what has to outlive a restart beside the mail. */
package org.postern.core.state;
