// The words and names of the demonstration company. Data only; all of it is invented.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "foyer/model/registry.h"

namespace foyer {

struct DemoPerson {
  std::string_view name, email, team;
  Role role = {};
  std::string_view what;
};
inline constexpr std::array<DemoPerson, 8> kDemoStaff{{
    {"Ana Ribeiro", "ana@foyer.example", "Service desk", Role::kCsr, "Service desk"},
    {"Jonas Weber", "jonas@foyer.example", "Service desk", Role::kSeniorCsr, "Senior service desk"},
    {"Priya Nair", "priya@foyer.example", "Service desk", Role::kSupervisor, "Supervisor"},
    {"Mats Lindqvist", "mats@foyer.example", "Dispatch", Role::kDispatcher, "Dispatcher"},
    {"Helen Okafor", "helen@foyer.example", "Sales", Role::kSales, "Sales"},
    {"Tomasz Zielinski", "tomasz@foyer.example", "Management", Role::kServiceManager,
     "Service manager"},
    {"Leila Haddad", "leila@foyer.example", "Knowledge", Role::kKnowledgeEditor,
     "Knowledge editor"},
    {"Robin Clarke", "admin@foyer.example", "IT", Role::kAdmin, "Administrator"},
}};

struct DemoCustomer {
  std::string_view name, email;
  PortalScope scope = {};
  bool is_admin;
  std::string_view what;
};
inline constexpr std::array<DemoCustomer, 3> kDemoCustomers{{
    {"Clara Winter", "clara@lindenhof.example", PortalScope::kAccount, true,
     "Customer: sees her whole company, manages its users"},
    {"David Brandt", "david@lindenhof.example", PortalScope::kOwn, false,
     "Customer: sees only his own cases"},
    {"Sofia Marin", "sofia@seeblick.example", PortalScope::kSite, false,
     "Customer: sees her site"},
}};

struct DemoPolicy {
  std::string_view name;
  std::array<std::int64_t, 16> budgets;  // rows of 4, as SlaPolicy::budgets
};
inline constexpr std::array<DemoPolicy, 2> kDemoPolicies{{
    {"Standard", {480, 1200, 0, 2400, 960, 2400, 0, 4800, 240, 600, 0, 1200, 60, 240, 0, 600}},
    {"Priority", {120, 600, 0, 1200, 240, 1200, 0, 2400, 60, 300, 0, 600, 30, 120, 0, 300}},
}};

struct DemoProduct {
  std::string_view name, series;
  std::int64_t price_minor = 0;
};
inline constexpr std::array<DemoProduct, 6> kDemoProducts{{
    {"Passenger lift P8", "Lifts", 4850000},
    {"Goods lift G20", "Lifts", 7120000},
    {"Sliding door S2", "Doors", 389000},
    {"Revolving door R4", "Doors", 1240000},
    {"Access panel A1", "Access", 89000},
    {"Barrier B3", "Access", 214000},
}};
inline constexpr std::array<std::string_view, 4> kDemoPlaces{"main entrance", "east wing",
                                                            "loading bay", "car park"};

struct DemoPlan {
  std::string_view name, policy, entitlement, coverage, summary;
  std::int64_t price_minor, units;
};
inline constexpr std::array<DemoPlan, 2> kDemoPlans{{
    {"Care Standard", "Standard", "Service cases",
     "Labour on weekdays, spare parts at list price, one inspection a year",
     "We answer within one working day and repair on weekdays. One yearly inspection is included; "
     "spare parts are charged at list price.",
     240000, 24},
    {"Care Priority", "Priority", "Priority service cases",
     "Labour and spare parts, two inspections a year, answers within two working hours",
     "We answer within two working hours. Labour and spare parts are included, and so are two "
     "inspections a year.",
     680000, 60},
}};

struct DemoContact {
  std::string_view name, email, phone;
};
struct DemoAccount {
  std::string_view name, segment, tier, sector, site, address;
  std::int64_t employees, years;
  std::size_t plan;
  std::vector<std::size_t> assets;  // indexes of kDemoProducts
  std::vector<DemoContact> people;
};
inline const std::vector<DemoAccount> kDemoAccounts{
    {"Lindenhof Clinic", "Health", "Gold", "Hospital", "Main building",
     "Lindenallee 4, 10115 Berlin", 820, 10, 1, {0, 2, 3},
     {{"Clara Winter", "clara@lindenhof.example", "+49 30 5550 201"},
      {"David Brandt", "david@lindenhof.example", "+49 30 5550 202"}}},
    {"Seeblick Hotel", "Hospitality", "Silver", "Hotel", "Lakeside house",
     "Uferweg 12, 14467 Potsdam", 140, 6, 1, {0, 3},
     {{"Sofia Marin", "sofia@seeblick.example", "+49 331 5550 11"}}},
    {"Brightwater Offices", "Property", "Gold", "Real estate", "Tower 1",
     "Hafenstrasse 90, 20457 Hamburg", 60, 4, 1, {0, 0, 5},
     {{"Nils Petersen", "nils@brightwater.example", "+49 40 5550 31"}}},
    {"Kestrel Logistics", "Industry", "Silver", "Logistics", "Hub North",
     "Am Speicher 3, 28217 Bremen", 410, 3, 0, {1, 5},
     {{"Yvonne Adler", "yvonne@kestrel.example", "+49 421 5550 8"}}},
    {"Marlow University", "Education", "Gold", "University", "Library",
     "Campusring 1, 04109 Leipzig", 2300, 8, 1, {0, 2, 4},
     {{"Prof. Ines Kaya", "ines@marlow.example", "+49 341 5550 70"}}},
    {"Old Mill Museum", "Culture", "Bronze", "Museum", "Old mill", "Muehlgasse 2, 99084 Erfurt",
     35, 2, 0, {2},
     {{"Bernd Falk", "bernd@oldmill.example", "+49 361 5550 5"}}},
    {"Nordstern Bakeries", "Retail", "Bronze", "Food", "Central bakery",
     "Ofenstrasse 17, 24103 Kiel", 260, 5, 0, {1, 2},
     {{"Greta Simon", "greta@nordstern.example", "+49 431 5550 44"}}},
    {"Parkside Residences", "Property", "Silver", "Housing", "Block A",
     "Parkweg 8, 60311 Frankfurt", 18, 7, 0, {0},
     {{"Omar Saleh", "omar@parkside.example", "+49 69 5550 66"}}},
    {"Silverline Theatre", "Culture", "Silver", "Theatre", "Great hall",
     "Buehnenplatz 1, 01067 Dresden", 190, 9, 1, {1, 3},
     {{"Lucia Conti", "lucia@silverline.example", "+49 351 5550 12"}}},
    {"Tannenberg Works", "Industry", "Gold", "Manufacturing", "Plant 2",
     "Werkstrasse 55, 70565 Stuttgart", 1500, 11, 1, {1, 1, 5},
     {{"Rolf Engel", "rolf@tannenberg.example", "+49 711 5550 90"}}},
    {"Vale Medical Centre", "Health", "Bronze", "Doctors", "Practice",
     "Ringstrasse 30, 50667 Koeln", 45, 1, 0, {0},
     {{"Dr. Mina Sato", "mina@valemed.example", "+49 221 5550 3"}}},
    {"Weststadt Mall", "Retail", "Gold", "Shopping centre", "Mall",
     "Weststrasse 100, 80331 Muenchen", 320, 6, 1, {0, 3, 5},
     {{"Karim Bauer", "karim@weststadt.example", "+49 89 5550 21"}}},
};

struct DemoTopic {
  std::string_view subject, body, answer, note, need, resolution;
  Priority priority = {};
};
inline constexpr std::size_t kDemoCaseCount = 60;
inline constexpr std::array<DemoTopic, 10> kDemoTopics{{
    {"Lift stops between floors",
     "The lift stopped twice between the second and third floor this morning. Nobody was hurt, "
     "but visitors are worried.",
     "Thank you for telling us. I have taken the lift out of remote service and asked our engineer "
     "to look at the drive log. You will hear from me before noon.",
     "Drive log shows over-current at 08:12 and 08:47. Brake wear likely.",
     "Please tell us whether the machine room is open for our engineer this afternoon.",
     "The brake was adjusted and the drive reset. The lift has run 40 test trips without a stop.",
     Priority::kCritical},
    {"Sliding door does not close fully",
     "The door at the main entrance leaves a gap of about ten centimetres. It gets cold inside.",
     "I am sorry about the cold. We can adjust the closing force remotely if the controller is "
     "online; I will try this first.",
     "Controller firmware 3.1, known drift of end position.",
     "Please switch the door controller off and on once and tell us what the display shows.",
     "We recalibrated the end position remotely. The door closes fully again.", Priority::kNormal},
    {"Invoice shows a visit we did not have",
     "Your last invoice lists a visit on a day when our building was closed.",
     "Thank you, that looks wrong to me too. I have asked for the visit report.",
     "Visit belongs to the neighbouring site, wrong asset picked by technician.",
     "Please send us the invoice number so that we can find the line.",
     "The visit was booked to the wrong site. A credit note is on its way.", Priority::kLow},
    {"Access panel rejects valid cards",
     "Since yesterday about one card in five is refused at the side door.",
     "We see the refusals in the panel's log. They all come from cards issued last week.",
     "New card batch uses another site code.",
     "Please send us the number printed on one of the refused cards.",
     "The new batch's site code was added. All cards work.", Priority::kHigh},
    {"Yearly inspection: please propose dates",
     "Our inspection is due next month. Mornings suit us best.",
     "Gladly. I can offer two mornings; I will write to you with the exact dates today.",
     "Ask Mats for capacity in week 51.",
     "Please tell us which of the two proposed dates suits you.",
     "The inspection is booked and confirmed.", Priority::kLow},
    {"Revolving door makes a grinding noise",
     "It began on Monday and gets louder when the door turns fast.",
     "Noise under load is often the floor bearing. I will send an engineer with the part.",
     "Bearing R4-FB-2 in stock in van 3.",
     "Please tell us whether the side door can be used while we work.",
     "The floor bearing was replaced. The door runs quietly.", Priority::kHigh},
    {"Barrier stays open",
     "The barrier at the car park has been open since last night.",
     "I can see a blocked light barrier in its status. Could somebody wipe the sensor?",
     "Sensor contamination alarm, third time this year: suggest hood.",
     "Please wipe the round sensor at knee height and tell us if the barrier closes.",
     "The sensor was cleaned and a hood was fitted free of charge.", Priority::kNormal},
    {"Question about our contract's renewal",
     "When do we have to tell you if we want to change the plan next year?",
     "You can change the plan until 60 days before the end of the contract year.",
     "Good candidate for Priority, two critical cases this year.",
     "Please tell us which plan you have in mind so that we can compare the prices.",
     "The date and both plans were explained; the customer will decide later.", Priority::kLow},
    {"Emergency phone in the lift is silent",
     "Our weekly test call from the cabin was not answered.",
     "This matters: I have switched your cabin to the backup line and sent an engineer.",
     "SIM of the emergency unit expired.",
     "Please make one more test call and tell us whether you hear us.",
     "The emergency unit's SIM was replaced; two test calls were answered.",
     Priority::kCritical},
    {"Door opens for nobody",
     "The sliding door opens every few minutes although nobody stands there.",
     "It may be the reflection of the new floor mat. I will lower the sensor's range remotely.",
     "Radar range 4.5 m, lowered to 3 m.",
     "Please tell us whether something was changed near the entrance lately.",
     "The range was lowered. The door has behaved for two days.", Priority::kNormal},
}};

struct DemoArticle {
  std::string_view title, summary, body;
  ArticleAudience audience = {};
};
inline constexpr std::array<DemoArticle, 6> kDemoArticles{{
    {"What to do when a lift has stopped",
     "Keep calm, use the emergency phone, do not open the doors.",
     "A lift that has stopped between floors is safe. Stay inside.\n\n- Press the bell for three "
     "seconds. A person answers within a minute.\n- Say where you are; the number of the lift is "
     "above the buttons.\n- Do not try to open the doors.\n\nWe send somebody at once and tell "
     "you when they arrive.",
     ArticleAudience::kEverybody},
    {"A door that does not close: three things to try",
     "Most doors close again after one of these steps.",
     "- Look for something in the floor rail and remove it.\n- Wipe the two round sensors at knee "
     "height with a dry cloth.\n- Switch the controller off for ten seconds.\n\nIf the door still "
     "does not close, open a case and tell us what the display shows.",
     ArticleAudience::kEverybody},
    {"How we keep our promises",
     "What \"first reply by\" means and when the clock is paused.",
     "When you open a case we tell you when you will hear from a person. The time counts only "
     "our working hours.\n\nIf we need something from you the clock for the solution is paused and "
     "the case says what we need. It goes on as soon as you answer.",
     ArticleAudience::kEverybody},
    {"Your data on your own device",
     "What is kept when you choose to work offline, and how to remove it.",
     "If you tell us that a device is your own, your cases are kept on it, encrypted, so that you "
     "can read and write without a network.\n\nChoose \"This device\" to remove everything again.",
     ArticleAudience::kEverybody},
    {"Brake wear on the P8: how to read the drive log",
     "For the service desk: over-current entries and what they mean.",
     "More than three over-current entries in a day point to the brake. Order P8-BR-1 and book "
     "two hours.",
     ArticleAudience::kStaffOnly},
    {"When to offer a plan change",
     "Two critical cases in a year are a reason to talk about Care Priority.",
     "Look at the history first. Say what it would have cost with the other plan. Leave the "
     "decision to the customer.",
     ArticleAudience::kStaffOnly},
}};

}  // namespace foyer
