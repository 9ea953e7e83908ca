// SPDX-License-Identifier: Apache-2.0
/** What the outside gets to see: log, transcript, events and counters. No secret passes through here. */
package org.postern.core.observe;
