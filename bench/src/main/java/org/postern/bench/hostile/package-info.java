// SPDX-License-Identifier: Apache-2.0
/** What becomes of the built relay, and of its other mail, where peers, messages and names are as bad as they can be. */
package org.postern.bench.hostile;
