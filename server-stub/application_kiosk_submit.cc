// The part of Application that takes what kiosks hand over. Each envelope is decided once, in the
// batch's order: it runs, or it is parked for people to see. Nothing is dropped.
// Invariant: answered only after the commit; what cannot be stored stays in the kiosk.
#include <algorithm>

#include "application.h"
#include "foyer/base/checksum.h"
#include "foyer/command/desk_visit.h"
#include "foyer/sync/submission.h"
#include "server_tables.h"

namespace foyer::server {
namespace {

// Of a device that was revoked: it hands over what it holds, then forgets.
constexpr std::string_view kRevoked = "device_revoked";
// Of an error without words of its own.
constexpr std::string_view kRefused = "refused";

std::string results_json(const std::vector<KioskSubmission>& submissions,
                         const std::vector<SubmissionOutcome>& outcomes) {
  std::string json = "{\"results\":[";
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    json += (i == 0 ? "" : ",") + std::string("{\"id\":") +
            json_string(to_string(submissions[i].id)) + ",\"outcome\":" +
            json_string(name_of(outcomes[i])) + '}';
  return json + "]}";
}

}  // namespace

// With a session, a live kiosk; with a signature of its own, one that was revoked.
std::optional<Device> Application::device_of_batch(const HttpRequest& request) {
  if (const auto who = kiosk_of(request)) {
    auto lease = installation_.readers().acquire();
    return get(lease.store(), who->device());
  }
  const auto id = parse_uuid(request.header("foyer-device"));
  if (!id) return std::nullopt;
  const auto nonce = request.header("foyer-nonce");
  const auto digest = sha256(request.body);
  std::string text = "foyer kiosk submit\n" + to_string(*id) + '\n' + std::string(nonce) + '\n';
  text.append(reinterpret_cast<const char*>(digest.data()), digest.size());
  auto device =
      device_that_signed(Id<Device>(*id), nonce, text, request.header("foyer-signature"));
  return device && !device->revoked_at.is_none() ? device : std::nullopt;
}

void Application::submit_kiosk_batch(Call& call) {
  const auto device = device_of_batch(*call.request);
  if (!device) return answer_problem(call, {ErrorCode::kUnauthenticated, "", "signed_out"});
  const auto envelopes = split_batch(call.request->body);
  if (!envelopes) return answer_problem(call, {ErrorCode::kInvalid, "", envelopes.error().detail});
  auto submissions = std::make_shared<std::vector<KioskSubmission>>();
  for (const auto envelope : *envelopes)
    submissions->push_back(open_submission(envelope, *device, installation_.seal_key()));
  auto outcomes = std::make_shared<std::vector<SubmissionOutcome>>();
  const auto take = [this, submissions, outcomes, id = device->id] {
    // As it is now, where nobody else writes: it may have been revoked in the meantime.
    const auto current = get(installation_.store(), id);
    if (!current) return false;
    for (const auto& submission : *submissions) {
      const auto outcome = take_submission(submission, *current);
      if (!outcome) return false;
      outcomes->push_back(*outcome);
    }
    return true;
  };
  const auto done = [this, call, submissions, outcomes](bool is_durable) {
    if (!is_durable) return answer_error(call, 503);
    call.respond(json_response(200, results_json(*submissions, *outcomes)));
  };
  if (!installation_.writer().submit({take, done})) answer_error(call, 503);
}

// On the writer thread. Nothing if it could not be stored.
std::optional<SubmissionOutcome> Application::take_submission(const KioskSubmission& submission,
                                                              const Device& device) {
  auto& store = installation_.store();
  auto& database = installation_.database();
  const bool may_run = submission.problem.empty();
  const bool is_decided =
      store.is_taken(entity_of<ParkedSubmission>(), submission.parking_id) ||
      (may_run && load_result(database, submission.command_id).has_value());
  if (is_decided) return SubmissionOutcome::kDuplicate;
  std::string reason = submission.problem;
  if (may_run && !device.revoked_at.is_none()) reason = kRevoked;
  if (reason.empty()) {
    const Context context{.actor = actor_of(store, device.id),
                          .now = options_.clock(),
                          .command = submission.command_id};
    const auto result = gate_.execute(submission.command, context);
    if (!result && result.error().code == ErrorCode::kUnavailable) return std::nullopt;
    if (!store_result(database, submission.command_id, {device.id, result}, context.now))
      return std::nullopt;
    if (result) return SubmissionOutcome::kApplied;
    reason = result.error().detail.empty() ? kRefused : result.error().detail;
  }
  if (!park(submission, device, reason)) return std::nullopt;
  return SubmissionOutcome::kParked;
}

bool Application::park(const KioskSubmission& submission, const Device& device,
                       std::string_view reason) {
  const auto words = words_of(submission.command);
  const auto now = options_.clock();
  ParkSubmission args{};
  args.id = submission.parking_id;
  args.device = device.id;
  args.command = words.command;
  args.number = words.number;
  args.words = words.text;
  args.reason = reason;
  args.at = std::clamp(submission.at, Instant{}, now);
  const Context context{.actor = server_about(device.id), .now = now, .command = args.id};
  if (!gate_.execute(make_command(args), context)) return false;
  // What people can read in full is not kept twice.
  if (submission.problem.empty() && words.is_whole) return true;
  return store_envelope(installation_.database(), args.id, device.id, submission.envelope, now);
}

}  // namespace foyer::server
