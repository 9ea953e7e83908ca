// SPDX-License-Identifier: Apache-2.0
/** Puts the engine together, and ties it to the services that come and go around it. */
package org.postern.core.engine;
