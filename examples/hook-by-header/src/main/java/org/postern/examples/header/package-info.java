// SPDX-License-Identifier: Apache-2.0
/** The account by a header field of the message: an example of a hook. */
package org.postern.examples.header;
