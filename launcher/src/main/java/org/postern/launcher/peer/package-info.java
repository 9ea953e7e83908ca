// SPDX-License-Identifier: Apache-2.0
/** The verb {@code peer}: a server that says what a file tells it to, for whoever writes a plug-in or looks for a fault. */
package org.postern.launcher.peer;
