// The judges: each promise of sync.md, section 7, asked of devices and server against the model.
// They change nothing. What they find is in Outcome::broken and Outcome::failure.
#pragma once

#include "sim/device.h"
#include "sim/model.h"
#include "sim/server.h"

namespace foyer::sim {

class Oracles {
 public:
  Oracles(Core& core, const Model& model, const Server& server)
      : core_(core), model_(model), server_(server) {}

  // After whatever happened to a device: what it holds, shows, stores and has told.
  void look_at(Device& device);
  // After healing: nothing is owed to anybody any more.
  void judge_end(Device& device);
  // From nothing, from the compacted log and by increments one comes to the same rows.
  void judge_bootstrap(Device& device);

 private:
  void confirmed(Device& device, const View& view);
  void optimistic(Device& device, const View& view);
  void privacy(Device& device, const View& view);
  void nothing_lost(Device& device);
  void start(Device& device);
  void decided_as_said(Device& device, const Number& number);
  // Under whichever of the device's ids it was. Null: it was not.
  const Model::Decision* decision_of(Device& device, Number number);

  Core& core_;
  const Model& model_;
  const Server& server_;
};

}  // namespace foyer::sim
