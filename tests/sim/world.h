// One simulated world: some people's tabs, a network, a server, and a run of steps in which
// anything may go wrong; then a healed phase in which all must come right. One thread, one
// generator, virtual time. Invariant: the same options give the same trace, natively and as WASM.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "foyer/model/registry.h"
#include "sim/oracles.h"

namespace foyer::sim {

// Turns the planted bug of the engine on for this run.
Outcome run_world(const Options& options, EngineBug engine_bug = EngineBug::kNone);

class World {
 public:
  explicit World(const Options& options);
  Outcome run();

 private:
  void seed_rows();
  void add_person(std::string name, Roles roles, Id<Contact> contact, int tabs);
  void act();
  void act_on(Device& device);
  void settle(Device& device);
  void on_next(Device& first, const std::function<bool(Device&)>& is_due,
               const std::function<void(Device&)>& act);
  bool hears(Device& device);
  Command some_command(Device& device);
  std::string some_words(const Uuid& message);
  void answer_refusal(Device& device);
  void network_step(Device& device);
  void device_step(Device& device);
  void device_storage_step(Device& device);
  void operate(Device& device);
  void change_rights();
  void move_row();
  void suspend();
  void copy_profile(Device& device);
  void speak_as(Device& other, Device& liar);
  void deliver_to_server(Device& first);
  void deliver_to_device(Device& device);
  void notice_end(Device& device);
  void heal();
  bool healed_round();
  void let_everybody_in();

  Core core_;
  Network network_;
  Model model_;
  Server server_;
  Oracles oracles_;
  std::vector<std::unique_ptr<Device>> devices_;
  std::vector<Id<Case>> cases_;
  std::vector<Id<Account>> accounts_;
  std::vector<Id<Contact>> contacts_;
  std::vector<Id<User>> users_;
  std::size_t people_tabs_ = 0;  // devices that are nobody's copy
  bool has_long_words_ = false;
};

}  // namespace foyer::sim
