// SPDX-License-Identifier: Apache-2.0
/** Mail that waits: to be tried now, later, or for something on this side. */
package org.postern.core.queue;
