// SPDX-License-Identifier: Apache-2.0
/** Handing a message to a relay, as {@code sendmail} does. */
package org.postern.launcher.send;
