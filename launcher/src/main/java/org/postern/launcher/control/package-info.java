// SPDX-License-Identifier: Apache-2.0
/** The way into a relay that runs: verbs over a socket in its state directory. */
package org.postern.launcher.control;
