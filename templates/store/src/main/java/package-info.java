// SPDX-License-Identifier: Apache-2.0
/** The credential store "sample". */
package org.example.sample;
