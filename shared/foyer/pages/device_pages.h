// The pages about the device itself: what waits on it, whether it keeps a replica, and what is
// shown when there is neither a network nor a replica. The server hosts them too and says what it
// cannot do.
#pragma once

#include "foyer/pages/page_view.h"

namespace foyer {

// GET: the list; "edit": the mid whose words are shown in a form, "still": the one that was tried
// again in vain. POST "action" retry or discard, "mid": DeviceDeed; "edit": a command that takes
// the place of "mid", with the words of the fields.
PageResult show_waiting(const PageView& view);
// GET: whether cases are kept here. POST "action" keep or forget: DeviceDeed.
PageResult show_device(const PageView& view);
PageResult show_offline(const PageView& view);

}  // namespace foyer
